import { describe, expect, it } from '@jest/globals';
import {
  alarmMs,
  asking,
  handedOver,
  stateAfter,
  unasked,
  type AddressAnswer,
  type CountedState,
} from '../../src/observed/address-state.ts';

const alive: AddressAnswer = { kind: 'alive', detail: '' };
const silent: AddressAnswer = { kind: 'silent', detail: 'no answer' };
const dead: AddressAnswer = { kind: 'dead', detail: 'refused' };
const blind: AddressAnswer = { kind: 'blind', detail: 'ENETUNREACH' };

const after = (...attempts: readonly AddressAnswer[]): CountedState => attempts.reduce(stateAfter, unasked);
const times = (count: number, attempt: AddressAnswer): readonly AddressAnswer[] =>
  Array.from({ length: count }, () => attempt);

describe('stateAfter', () => {
  it.each<[string, readonly AddressAnswer[], string]>([
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
  it.each<[string, readonly AddressAnswer[], CountedState]>([
    ['keeps that it answers', [alive, silent], { state: 'alive', detail: '', failures: 0 }],
    ['keeps that it cannot be told', [blind], { state: 'blind', detail: 'ENETUNREACH', failures: 0 }],
    ['forgets silence, which was the one before', times(5, silent), unasked],
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
