import { expect, it } from '@jest/globals';
import { duplicateOwner } from '../../src/status/duplicate-owner.ts';
import { duplicateRows } from './duplicate-cases.ts';
import { observed } from '../pass.ts';

it('says how many more there are', () => {
  const [, world] = duplicateRows.find(([sentence]) => sentence === 'says three of many') ?? [];
  expect(world && duplicateOwner(observed(world), [])?.message).toMatch(
    /203\.0\.113\.12 TCP\/80: .*; and 1 more\.$/,
  );
});
