import { expect, it } from '@jest/globals';
import { toText } from '../../src/api/words.ts';
import { duplicateOwner } from '../../src/status/duplicate-owner.ts';
import { duplicateRows } from './duplicate-cases.ts';
import { observed } from '../pass.ts';

it('says how many more there are', () => {
  const [, world] = duplicateRows.find(([sentence]) => sentence === 'says three of many') ?? [];
  const said = world && duplicateOwner(observed(world), []);
  expect(said && toText(said)).toMatch(/203\.0\.113\.12 TCP\/80: .*\. And 1 more\.$/);
});
