import { describe, expect, it } from '@jest/globals';
import { toText } from '../../src/api/words.ts';
import { problemsOf, together, worstFirst, type Problem } from '../../src/modes/check.ts';
import { snapshot } from '../builders.ts';
import { observed } from '../pass.ts';

const problem = (reason: Problem['reason'], passing = true, rest: Partial<Problem> = {}): Problem => ({
  reason,
  passing,
  head: reason,
  ...rest,
});

describe('worstFirst', () => {
  it('has what needs a person before what may pass, and what passes as a rule last, in its order', () => {
    const all = ['AddressUnproven', 'Applying', 'NoHolder', 'LeaseStale'] as const;
    const sorted = worstFirst([...all.map((reason) => problem(reason)), problem('NoNodeMatches', false)]);
    expect(sorted.map(({ reason }) => reason)).toEqual([
      'NoNodeMatches',
      'LeaseStale',
      'NoHolder',
      'Applying',
      'AddressUnproven',
    ]);
  });
});

describe('problemsOf', () => {
  it('has the first of each component, the worst component first', () => {
    const { asked } = observed(snapshot());
    const checks = [
      () => undefined,
      ({ kind }: { readonly kind: string }) => problem(kind === 'services' ? 'LeaseStale' : 'Applying'),
      () => problem('NoNodeMatches', false),
    ];
    expect(problemsOf(checks, asked).map(({ reason }) => reason)).toEqual(['LeaseStale', 'Applying']);
  });
});

describe('together', () => {
  it('is nothing of nothing, and one as it is', () => {
    const one = problem('Applying');
    expect([together([]), together([one])]).toEqual([undefined, one]);
  });

  it('has the head and the reason of the first, all of the others behind it, and what to do late about each', () => {
    const both = together([
      problem('LeaseStale', true, { todo: 'Do a', late: 'Look at a' }),
      problem('Applying', true, { detail: 'B', late: 'Look at b' }),
    ]);
    expect(both && [both.reason, both.head, toText(both), both.late]).toEqual([
      'LeaseStale',
      'LeaseStale',
      'LeaseStale. Do a. Applying. B.',
      'Look at a. Look at b.',
    ]);
  });
});
