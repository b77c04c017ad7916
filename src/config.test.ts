import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { configurationFile, configurationPage } from './docs.ts';
import { ConfigError, configurationTable, readConfig } from './config.ts';

test('an empty environment gives the defaults', () => {
  const config = readConfig({});
  expect(config).toMatchObject({ host: '127.0.0.1', port: 3650, min_year: 2000, date_rule: 'earliest' });
  expect(config.data).toBe(path.resolve('data'));
  expect(config.workers).toBeGreaterThan(0);
  expect(config.timezone).toBe(Temporal.Now.timeZoneId());
});

test('all bad settings are reported together, each with what came and what was expected', () => {
  const bad = {
    DAYBOOK_PORT: 'http',
    DAYBOOK_TIMEZONE: 'Mars/Olympus',
    DAYBOOK_MIN_YEAR: '3000',
    DAYBOOK_DATE_RULE: 'newest',
    DATABASE_URL: 'mysql://x',
    DAYBOOK_EXPORT_TEMPLATE: '{date}',
  };
  const report = () => readConfig(bad);
  expect(report).toThrow(ConfigError);
  for (const [variable, value] of Object.entries(bad))
    expect(report).toThrow(`${variable} is "${value}"; expected`);
});

test('other addresses than this computer’s are refused until accounts exist', () => {
  expect(() => readConfig({ DAYBOOK_HOST: '0.0.0.0' })).toThrow('DAYBOOK_HOST is "0.0.0.0"');
});

test('a secret that cannot be used is not repeated, nor is an address with a password in it', () => {
  const bad = {
    DAYBOOK_YOUTUBE_KEY: 'my secret\nkey',
    DAYBOOK_AI_KEY: 'another secret',
    DAYBOOK_AI_URL: 'https://user:secret@example.org/v1',
  };
  const report = () => readConfig(bad);
  for (const variable of Object.keys(bad)) expect(report).toThrow(`${variable} cannot be used; expected`);
  expect(report).not.toThrow('secret');
});

test('YouTube is asked with https, or on this computer', () => {
  for (const url of [
    'https://proxy.example/x',
    'http://127.0.0.1:3660',
    'http://[::1]:1/',
    'http://localhost',
  ]) {
    expect(readConfig({ DAYBOOK_YOUTUBE_URL: url }).youtube_url).toBe(url);
  }
  for (const url of [
    'http://youtube.com',
    'http://127.0.0.1.evil.example',
    'file:///etc',
    'javascript:1',
    'x',
    'https://a/?b',
  ]) {
    expect(() => readConfig({ DAYBOOK_YOUTUBE_URL: url })).toThrow('DAYBOOK_YOUTUBE_URL cannot be used');
  }
});

test('a model that is named needs what it needs', () => {
  expect(readConfig({}).ai).toBe('off');
  expect(() => readConfig({ DAYBOOK_AI: 'google' })).toThrow('which needs DAYBOOK_AI_KEY');
  expect(readConfig({ DAYBOOK_AI: 'google', DAYBOOK_AI_KEY: 'k' }).ai).toBe('google');
  const compatible = { DAYBOOK_AI: 'openai-compatible' };
  expect(() => readConfig(compatible)).toThrow('which needs DAYBOOK_AI_URL');
  expect(() => readConfig(compatible)).toThrow('which needs DAYBOOK_AI_MODEL');
  expect(() => readConfig({ DAYBOOK_AI: 'chatgpt' })).toThrow('expected google, openai-compatible or off');
});

test('every setting has a line in the table of the documentation', () => {
  expect(configurationTable()).toContain('| `DAYBOOK_DATA` | `./data` |');
  expect(configurationTable().split('\n').length).toBeGreaterThan(15);
});

test('docs/configuration.md is what the table of settings prints', () => {
  expect(readFileSync(configurationFile, 'utf8')).toBe(configurationPage());
});
