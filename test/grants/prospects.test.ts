// Whose turn it is to be given an address, and what is passed over.
import { describe, expect, it } from '@jest/globals';
import { atOnce, avoidedMs, laneOf, Prospects } from '../../src/grants/prospects.ts';
import { standingOf, type Standing } from '../../src/grants/standing.ts';
import { serviceOf, type ServiceOptions } from './world.ts';

const seeker = (name: string, options: ServiceOptions = {}): Standing =>
  standingOf(serviceOf({ name, ...options }));
const crowd = Array.from({ length: atOnce + 3 }, (_, n) => seeker(`s${n}`));
const [firstIn, secondIn, ...others] = crowd;

function crowded(): Prospects {
  const prospects = new Prospects();
  crowd.forEach((row) => prospects.join(row));
  return prospects;
}

describe('of one lane', () => {
  it(`${atOnce} look for an address at once`, () => {
    const prospects = new Prospects();
    expect(crowd.map((row) => prospects.join(row)).filter(Boolean)).toHaveLength(atOnce);
    expect(prospects.join(seeker('other', { namespace: 'b' }))).toBe(true);
    expect(prospects.join(seeker('six', { ipFamilies: ['IPv6'] }))).toBe(true);
  });

  it('the next one comes when one has its address, was deleted, or asks for one', () => {
    const prospects = crowded();
    expect(prospects.see(seeker('s0', { has: '203.0.113.9', isAssigned: true }))).toEqual([
      `default/s${atOnce}`,
    ]);
    expect(prospects.join(seeker(`s${atOnce}`))).toBe(true);
    expect(prospects.leave('default/s1')).toEqual([`default/s${atOnce + 1}`]);
    expect(prospects.see(seeker('s2', { asks: '203.0.113.9' }))).toEqual([`default/s${atOnce + 1}`]);
  });

  it('nobody comes when one that waits gives up, and none is lost when all do', () => {
    const prospects = crowded();
    expect(prospects.leave(`default/s${atOnce}`)).toEqual([]);
    [firstIn, secondIn, ...others].forEach((row) => prospects.leave(row?.key ?? ''));
    expect(crowd.slice(0, atOnce).every((row) => prospects.join(row))).toBe(true);
  });

  it('are Services that look for the same', () => {
    const rows = [
      seeker('a'),
      seeker('a', { asks: '203.0.113.9' }),
      seeker('a', { published: ['203.0.113.9'] }),
    ];
    expect(rows.map(laneOf)).toEqual(['default kubevip.dev/edge  IPv4', undefined, undefined]);
  });
});

describe('an address', () => {
  it('that another is about to get is no other to itself', () => {
    const prospects = new Prospects();
    prospects.aim('a/x', ['203.0.113.9']);
    expect(['a/x', 'a/y'].map((key) => prospects.isOfAnother('203.0.113.9', key))).toEqual([false, true]);
    prospects.aim('a/x', ['203.0.113.10']);
    expect(prospects.aimersOf('203.0.113.9')).toEqual([]);
    prospects.leave('a/x');
    expect([prospects.aimsOf('a/x'), prospects.aimersOf('203.0.113.10')]).toEqual([[], []]);
  });

  it('that a stranger has is passed over for an hour, and is not remembered longer', () => {
    const prospects = new Prospects();
    prospects.avoid('203.0.113.9', 'kubevip.dev/edge', 0);
    prospects.avoid('203.0.113.10', 'kubevip.dev/edge', avoidedMs);
    expect([avoidedMs - 1, avoidedMs].map((now) => prospects.isAvoided('203.0.113.9', now))).toEqual([
      false,
      false,
    ]);
    expect(prospects.isAvoided('203.0.113.10', avoidedMs + 1)).toBe(true);
  });
});
