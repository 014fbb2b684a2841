import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { timing } from '../../src/cluster/election.ts';
import type { LeaseRecord } from '../../src/cluster/election-lease.ts';
import { Candidate, OneLease } from './candidate.ts';

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

describe('Election', () => {
  let lease: OneLease;
  let a: Candidate;
  let b: Candidate;

  beforeEach(() => {
    jest.useFakeTimers({ now: 1_800_000_000_000 });
    lease = new OneLease();
    [a, b] = [new Candidate('a', lease), new Candidate('b', lease)];
  });
  afterEach(() => {
    [a, b].forEach(({ election }) => election.stop());
    jest.useRealTimers();
  });

  /** `a` leads, `b` has seen it. */
  async function begin(): Promise<void> {
    void a.run();
    await pass(0);
    void b.run();
    await pass(timing.retry);
    expect([a.mayWrite(), b.mayWrite()]).toEqual([true, false]);
  }

  it('makes the Lease where there is none', async () => {
    void a.run();
    await pass(0);
    expect(lease.record).toMatchObject({ holder: 'a', transitions: 0, durationSeconds: 15 });
    expect(lease.record?.renewTime).toMatch(/^2027-.*\.\d{6}Z$/);
    expect(a.said).toEqual(['leader a']);
  });

  it('leaves the Lease alone while another renews it', async () => {
    await begin();
    await pass(120_000);
    expect([a.mayWrite(), b.mayWrite()]).toEqual([true, false]);
    expect(b.said).toEqual(['leader a']);
    expect(lease.record?.transitions).toBe(0);
  });

  it.each([
    ['is right', 0],
    ['is an hour behind', -3_600_000],
    ['is an hour ahead', 3_600_000],
  ])('takes it a Lease after the last renewal when the other clock %s', async (_, offset) => {
    a.wallOffset = offset;
    await begin();
    await pass(7000);
    // Killed: it neither renews nor releases.
    const dead = lease.record;
    lease.write = async (record) => {
      if (record.holder === 'a') {
        throw new Error('killed');
      }
      return OneLease.prototype.write.call(lease, record);
    };
    const since = Date.now();
    while (!b.mayWrite() && Date.now() - since < 30_000) {
      await pass(100);
    }
    expect(dead?.holder).toBe('a');
    expect(Date.now() - since).toBeGreaterThan(timing.lease - timing.retry);
    expect(Date.now() - since).toBeLessThan(timing.lease + timing.retry);
    expect(lease.record).toMatchObject({ holder: 'b', transitions: 1 });
    expect(a.mayWrite()).toBe(false);
  });

  it('takes a released Lease at the next turn, and at once when a watch tells', async () => {
    await begin();
    await a.quit();
    expect(lease.record?.holder).toBe('');
    b.election.observe(lease.record);
    await pass(0);
    expect(b.mayWrite()).toBe(true);
  });

  it('does not renew after a stop, and releases nothing that it has not', async () => {
    await begin();
    await b.quit();
    expect(lease.record?.holder).toBe('a');
    await a.quit();
    const { version } = lease.record ?? {};
    await pass(60_000);
    expect(lease.record?.version).toBe(version);
    expect(a.mayWrite()).toBe(false);
  });

  it('lets no write through once the renewal deadline is over, and goes on when the API server is back', async () => {
    await begin();
    lease.isAway = true;
    await pass(timing.renewDeadline - timing.retry);
    expect(a.mayWrite()).toBe(true);
    await pass(timing.retry + 1);
    expect(a.mayWrite()).toBe(false);
    await pass(120_000);
    lease.isAway = false;
    await pass(2 * timing.retry);
    expect([a.mayWrite(), b.mayWrite()]).toEqual([true, false]);
    expect(lease.record?.transitions).toBe(0);
    expect(a.lost).toBeUndefined();
  });

  it('lets no write through when the date says that the machine slept, until the next renewal', async () => {
    await begin();
    a.wallOffset = 60_000;
    expect(a.mayWrite()).toBe(false);
    await pass(timing.retry);
    expect(a.mayWrite()).toBe(true);
    a.wallOffset = -60_000;
    expect(a.mayWrite()).toBe(true);
  });

  it.each([
    ['another holds it', 'c'],
    ['another held it and released it', ''],
  ])('ends its leadership when %s', async (_, holder) => {
    await begin();
    lease.record = { ...(lease.record as LeaseRecord), holder, version: '77' };
    await pass(timing.retry);
    expect(a.lost).toBe(holder);
    expect(a.mayWrite()).toBe(false);
  });

  it('writes a Lease anew that was deleted', async () => {
    await begin();
    lease.record = undefined;
    await pass(2 * timing.retry);
    expect(a.mayWrite()).toBe(true);
    expect(lease.record).toMatchObject({ holder: 'a' });
  });

  it('leaves the Lease to others while it is not fit, and is woken when it is', async () => {
    a.isFit = false;
    void a.run();
    await pass(60_000);
    expect(lease.record).toBeUndefined();
    a.isFit = true;
    a.election.wake();
    await pass(0);
    expect(a.mayWrite()).toBe(true);
  });

  it('goes on at once as who it was before', async () => {
    await begin();
    a.election.stop();
    const again = new Candidate('a', lease);
    void again.run();
    await pass(0);
    expect(again.mayWrite()).toBe(true);
    expect(lease.record).toMatchObject({ transitions: 0 });
    again.election.stop();
  });
});
