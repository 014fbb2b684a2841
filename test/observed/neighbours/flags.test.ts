import { expect, it } from '@jest/globals';
import { flagsOf } from '../../../src/observed/neighbours/flags.ts';

it.each([
  ['nothing', [], []],
  ['a command', ['server'], []],
  ['an equals sign', ['--a=b=c'], [['--a', 'b=c']]],
  ['an argument of its own', ['manager', '--a', 'b'], [['--a', 'b']]],
  [
    'switches',
    ['--a', '--b', '--c'],
    [
      ['--a', ''],
      ['--b', ''],
      ['--c', ''],
    ],
  ],
  [
    'a flag twice',
    ['-a', '1', '-a=2'],
    [
      ['-a', '1'],
      ['-a', '2'],
    ],
  ],
])('reads %s', (_, args, flags) => {
  expect(flagsOf(args)).toEqual(flags);
});
