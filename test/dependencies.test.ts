import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '..');
const text = readFileSync(path.join(root, 'docs/dependencies.md'), 'utf8');
const { dependencies, devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
const all = { ...dependencies, ...devDependencies };

test('every dependency has a line that says what it is for', () => {
  const silent = Object.keys(all).filter((name) => {
    const scope = name.startsWith('@') ? `\`${name.split('/')[0]}/*\`` : null;
    return (
      !name.startsWith('@types/') && !text.includes(`\`${name}\``) && !(scope !== null && text.includes(scope))
    );
  });
  expect(silent).toEqual([]);
});

test('every dependency stands at an exact version', () => {
  const loose = Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
  expect(loose).toEqual([]);
});
