// What Services are told: each thing once, and nobody takes all the words.
import { expect, it } from '@jest/globals';
import { GrantTeller } from '../../src/controller/grant-teller.ts';
import type { Told } from '../../src/grants/decision.ts';
import { serviceOf } from '../grants/world.ts';

const of = (note: string): readonly Told[] => [{ type: 'Normal', reason: 'GrantWaits', note }];

function world() {
  const told: string[] = [];
  const clock = { now: 0 };
  const record = (_: unknown, rows: readonly { readonly note: string }[]): void =>
    void told.push(...rows.map(({ note }) => note));
  return { told, clock, teller: new GrantTeller({ record }, () => clock.now) };
}

const loud = (n: number) => serviceOf({ name: `s${n}`, namespace: 'loud' });
const quiet = serviceOf({ namespace: 'quiet' });

it('says nothing twice to a Service', () => {
  const { told, teller } = world();
  teller.tell(quiet, of('wait'));
  teller.tell(quiet, of('wait'));
  expect(told).toEqual(['wait']);
});

it('says what it has to say to a namespace, whatever another one makes it say', () => {
  const { told, clock, teller } = world();
  for (; clock.now < 60_000; clock.now += 20) {
    teller.tell(loud(clock.now % 100), of(`${clock.now}`));
    if (clock.now % 1000 === 500) {
      teller.tell(quiet, of(`quiet at ${clock.now}`));
    }
  }
  const heard = told.filter((note) => note.startsWith('quiet')).length;
  expect([heard, told.length - heard]).toEqual([60, 50 + 60 * 5 - 1]);
});

it('says a hundred things at once and ten a second, to however many namespaces', () => {
  const { told, clock, teller } = world();
  const all = (): void => {
    for (let n = 0; n < 1000; n += 1) {
      teller.tell(serviceOf({ namespace: `n${n}` }), of(`${clock.now}`));
    }
  };
  all();
  expect(told.length).toBe(100);
  clock.now = 2000;
  all();
  expect(told.length).toBe(120);
});
