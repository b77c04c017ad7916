import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'web/**/*.test.ts', 'web/**/*.test.tsx'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The usual second is over before a busy machine has drawn a page.
    expect: { poll: { timeout: 20_000 } },
    // Real processes, decoders and a browser run in these tests; more files at once than cores only makes them wait.
    maxWorkers: 2,
  },
});
