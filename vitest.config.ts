import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'web/**/*.test.ts', 'web/**/*.test.tsx'],
    // For what hangs, not for what is slow: a machine with other things to do takes ten times as long.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000 } },
    // Real processes, decoders and a browser run in these tests; more files at once than cores only makes them wait.
    maxWorkers: 2,
  },
});
