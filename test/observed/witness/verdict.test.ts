// The table of verdicts, a row per situation, and what must hold of any.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { verdictOf } from '../../../src/observed/witness/verdict.ts';
import type { AddressSight, VerdictKind } from '../../../src/observed/witness/witnessed.ts';
import { macOf, outsider, owner, sight, silent } from '../../witness-world.ts';
import { evidence, fresh, heard, rows } from './verdict-cases.ts';

describe('the verdict on an address is', () => {
  it.each(rows.map(([sentence, kind, given]) => [kind, sentence, given] as const))(
    '%s of %s',
    (kind, _, given) => {
      expect(verdictOf(given)).toMatchObject({ kind });
    },
  );

  it('of every kind in some row', () => {
    const kinds: readonly VerdictKind[] = [
      'unknown',
      'moving',
      'unrecognised',
      'nobody',
      'one',
      'another',
      'two',
      'stranger',
    ];
    expect(new Set(rows.map(([, kind]) => kind))).toEqual(new Set(kinds));
  });
});

describe('a verdict', () => {
  it('names who answers, the first one first', () => {
    const { owners } = verdictOf(evidence([heard(sight([fresh('n2', 3000), 'n1']))]));
    expect(owners).toEqual([
      { node: 'n1', mac: macOf('n1'), interface: 'eth0', sinceMs: 61_000 },
      { node: 'n2', mac: macOf('n2'), interface: 'eth0', sinceMs: 4000 },
    ]);
  });

  it('names a witness that hears nothing while another hears the holder', () => {
    const { deaf } = verdictOf(evidence([heard(sight([])), heard(sight(['n1']), { node: 'n5' })]));
    expect(deaf).toEqual(['n4']);
  });
});

const nodes = ['n1', 'n2', 'n3'];
const anyOwner = fc.record({
  of: fc.constantFrom(...nodes, outsider),
  sinceMs: fc.nat(20_000),
  lastMs: fc.nat(4000),
});
const anySight = fc
  .record({
    owners: fc.uniqueArray(anyOwner, { selector: ({ of }) => of, maxLength: 3 }),
    silentMs: fc.nat(20_000),
  })
  .map(({ owners, silentMs }) =>
    sight(
      owners.map(({ of, sinceMs, lastMs }) => owner(of, { sinceMs: Math.max(sinceMs, lastMs), lastMs })),
      owners.length === 0 ? { silentMs } : {},
    ),
  );
const anyHearings = fc
  .tuple(fc.array(anySight, { minLength: 1, maxLength: 2 }), fc.nat(9000), fc.nat(9000))
  .map(([sights, ...ages]) => sights.map((one, i) => heard(one, { node: `n${4 + i}`, ageMs: ages[i] ?? 0 })));
const anyEvidence = fc.record({
  hearings: anyHearings,
  heldMs: fc.nat(60_000),
  holder: fc.constantFrom('', ...nodes),
});

describe('whatever witnesses hear,', () => {
  // When the new holder has the address, when the old one loses it, and how long after that each of two witnesses wrote.
  const move = fc.record({
    taken: fc.nat(20_000),
    overlap: fc.integer({ min: -6000, max: 900 }),
    wrote: fc.tuple(fc.nat(9000), fc.nat(9000)),
  });

  /** What a witness that asks every second has heard of such a move at a moment. */
  function hearMove(
    at: number,
    { taken, overlap }: { readonly taken: number; readonly overlap: number },
  ): AddressSight {
    const asked = Array.from({ length: Math.floor(at / 1000) + 1 }, (_, i) => i * 1000);
    const answered = (is: (time: number) => boolean, mac: string, from: number) => {
      const times = asked.filter(is);
      const last = times.at(-1);
      const first = times[0] ?? 0;
      const since = from < 0 ? at + 60_000 : at - first;
      return last === undefined || at - last > 3000
        ? []
        : [owner(mac, { sinceMs: since, lastMs: at - last })];
    };
    const owners = [
      ...answered((time) => time < taken + overlap, 'n1', -1),
      ...answered((time) => time >= taken, 'n2', 0),
    ];
    return sight(owners, owners.length === 0 ? { silentMs: Math.max(0, at - (taken + overlap)) } : {});
  }

  it('a graceful move is never said to have two owners, nor another than the holder', () => {
    fc.assert(
      fc.property(move, fc.nat(30_000), ({ wrote, ...row }, now) => {
        const hearings = wrote.map((ago, i) =>
          heard(hearMove(Math.max(0, now - ago), row), { node: `n${4 + i}`, ageMs: Math.min(ago, now) }),
        );
        const hasMoved = now >= row.taken;
        const { kind } = verdictOf(
          evidence(hearings, {
            holder: hasMoved ? 'n2' : 'n1',
            heldMs: hasMoved ? now - row.taken : 3_600_000,
          }),
        );
        expect(['two', 'another', 'stranger']).not.toContain(kind);
      }),
      { numRuns: 2000 },
    );
  });

  it('a MAC is never a stranger before the nodes were asked again', () => {
    fc.assert(
      fc.property(anyEvidence, (row) => {
        expect(verdictOf(evidence(row.hearings, row)).kind).not.toBe('stranger');
      }),
    );
  });

  it('a witness that is silent, or cannot ask, changes nothing', () => {
    fc.assert(
      fc.property(anyEvidence, anySight, fc.boolean(), (row, one, isDenied) => {
        const given = evidence(row.hearings, { ...row, isDenied: () => isDenied });
        const more = { ...given, hearings: [...row.hearings, { statement: silent('n6'), sight: one }] };
        expect(verdictOf(more)).toEqual(verdictOf(given));
      }),
    );
  });

  it('nothing becomes worse with time alone, while a witness is silent', () => {
    fc.assert(
      fc.property(anyEvidence, fc.nat(9000), (row, ms) => {
        const later = row.hearings.map(({ statement: of, sight: one }) => ({
          sight: one,
          statement: { ...of, ageMs: of.ageMs + ms },
        }));
        const given = evidence(row.hearings, row);
        const aged = evidence(later, { ...row, hearings: later, heldMs: row.heldMs + ms });
        expect(verdictOf(aged).kind).toBe(verdictOf(given).kind);
      }),
    );
  });
});
