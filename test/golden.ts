// Golden files: what is rendered, as a person reads it. UPDATE_GOLDEN=1 npm test rewrites them.
import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { stringify } from 'yaml';

const folder = new URL('golden/', import.meta.url);

/** Holds a value against test/golden/<file>, written as YAML with sorted keys. */
export function expectGolden(file: string, value: unknown): void {
  const text = stringify(value, { sortMapEntries: true, aliasDuplicateObjects: false, lineWidth: 0 });
  const path = new URL(file, folder);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    writeFileSync(path, text);
  }
  expect(text).toBe(readFileSync(path, 'utf8'));
}
