// That two operators never write at once, over random failures of the API server.
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Candidate, OneLease } from './candidate.ts';

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

describe('two elections', () => {
  afterEach(() => void jest.useRealTimers());

  const trouble = fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: 60 }),
      ms: fc.integer({ min: 0, max: 4000 }),
      fate: fc.constantFrom('ok', 'lost before', 'lost after'),
    }),
    { maxLength: 20 },
  );

  it('never both let a write through, however slow and unreliable the API server is', async () => {
    let terms = 0;
    await fc.assert(
      fc.asyncProperty(
        trouble,
        trouble,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        async (one, other, dice) => {
          jest.useFakeTimers({ now: 1_800_000_000_000 });
          const lease = new OneLease();
          const random = (): number => dice.next().value ?? 0;
          const candidates = [one, other].map(
            (rows, index) => new Candidate('ab'[index] ?? '', unreliable(lease, rows), random),
          );
          candidates.forEach((row) => void row.run());
          for (let step = 0; step < 120; step += 1) {
            await pass(500);
            expect(candidates.filter((row) => row.mayWrite()).length).toBeLessThan(2);
            terms += candidates.filter((row) => row.mayWrite()).length;
          }
          candidates.forEach(({ election }) => election.stop());
          jest.useRealTimers();
        },
      ),
      { numRuns: 15 },
    );
    expect(terms).toBeGreaterThan(300);
  }, 60_000);

  interface Row {
    readonly at: number;
    readonly ms: number;
    readonly fate: string;
  }

  /** From some second on, requests take longer, or fail before or after they were carried out. */
  function unreliable(lease: OneLease, rows: readonly Row[]): Pick<OneLease, 'read' | 'write'> {
    const start = Date.now();
    const suffer = async <T>(work: () => Promise<T>): Promise<T> => {
      const row = rows.find(({ at }) => Math.abs(Date.now() - start - at * 1000) < 3000);
      if (row === undefined || row.fate === 'lost after') {
        const result = await work();
        await new Promise((resolve) => setTimeout(resolve, row?.ms ?? 0));
        if (row !== undefined) {
          throw new Error('ETIMEDOUT');
        }
        return result;
      }
      await new Promise((resolve) => setTimeout(resolve, row.ms));
      if (row.fate === 'lost before') {
        throw new Error('ETIMEDOUT');
      }
      return work();
    };
    return { read: () => suffer(() => lease.read()), write: (record) => suffer(() => lease.write(record)) };
  }
});
