import { describe, expect, it } from '@jest/globals';
import {
  alarmMs,
  asking,
  handedOver,
  hear,
  unheard,
  type Attempt,
  type Hearing,
} from '../../src/observed/reach.ts';

const alive: Attempt = { kind: 'alive', detail: '' };
const silent: Attempt = { kind: 'silent', detail: 'no answer' };
const dead: Attempt = { kind: 'dead', detail: 'refused' };
const blind: Attempt = { kind: 'blind', detail: 'ENETUNREACH' };

const after = (...attempts: readonly Attempt[]): Hearing => attempts.reduce(hear, unheard);
const times = (count: number, attempt: Attempt): readonly Attempt[] =>
  Array.from({ length: count }, () => attempt);

describe('hear', () => {
  it.each<[string, readonly Attempt[], string]>([
    ['knows nothing before it asked', [], 'unknown'],
    ['takes one answer as proof', [alive], 'alive'],
    ['does not take one failure for silence', [alive, silent], 'alive'],
    ['does not take three failures for silence', [alive, ...times(3, silent)], 'alive'],
    ['takes the fourth failure in a row for silence', [alive, ...times(4, silent)], 'silent'],
    ['starts counting again after an answer', [...times(3, silent), alive, ...times(3, silent)], 'alive'],
    ['counts a dead API server like silence', [...times(2, silent), ...times(2, dead)], 'dead'],
    ['says the latest kind of failure', [...times(4, silent), dead], 'dead'],
    ['takes one answer as the end of silence', [...times(9, silent), alive], 'alive'],
    ['says at once that it cannot tell', [alive, blind], 'blind'],
    ['knows nothing while the first failures come', times(3, silent), 'unknown'],
  ])('%s', (_, attempts, state) => {
    expect(after(...attempts).state).toBe(state);
  });
});

describe('handedOver', () => {
  it.each<[string, readonly Attempt[], Hearing]>([
    ['keeps that it answers', [alive, silent], { state: 'alive', detail: '', failures: 0 }],
    ['keeps that it cannot be told', [blind], { state: 'blind', detail: 'ENETUNREACH', failures: 0 }],
    ['forgets silence, which was the one before', times(5, silent), unheard],
  ])('%s', (_, attempts, expected) => {
    expect(handedOver(after(...attempts))).toEqual(expected);
  });
});

describe('the alarm', () => {
  it('comes after any graceful hand-over, and within 15 s', () => {
    expect((asking.enough - 1) * asking.worriedMs).toBeGreaterThanOrEqual(6000);
    expect(alarmMs).toBeLessThanOrEqual(15_000);
  });
});
