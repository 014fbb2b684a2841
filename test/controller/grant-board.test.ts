// Counts for status: made when something has changed, and seldom.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { countAfterMs, countEveryMs, GrantBoard } from '../../src/controller/grant-board.ts';
import { AddressBook } from '../../src/grants/book.ts';
import { nothing, warning } from '../../src/grants/decision.ts';
import { groundsOf } from '../../src/grants/grounds.ts';
import { standingOf, type Standing } from '../../src/grants/standing.ts';
import { facts, serviceOf } from '../grants/world.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const refusal = { ...nothing, told: [warning('AddressTaken', 'x')], isWaiting: true };
const standing = (name: string): Standing => standingOf(serviceOf({ name }));

function play() {
  const news: string[] = [];
  const book = new AddressBook();
  const board = new GrantBoard({
    book,
    configs: () => facts.configs,
    grounds: () => groundsOf(facts),
    onNews: (configs) => news.push(...configs),
    now: () => Date.now(),
  });
  return { board, book, news };
}

const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

describe('a board', () => {
  it('says nothing before it has counted, and counts soon after its start', async () => {
    const { board, news } = play();
    expect(board.of('edge')).toBeUndefined();
    board.start();
    await pass(countAfterMs);
    expect([board.of('edge')?.waiting, news]).toEqual([0, ['edge']]);
    board.stop();
  });

  it('has one count for a thousand Services that come within seconds, and tells each change once', async () => {
    const { board, book, news } = play();
    board.start();
    await pass(countEveryMs + countAfterMs);
    for (let n = 0; n < 1000; n += 1) {
      book.put(standingOf(serviceOf({ name: `s${n}`, has: `203.0.113.${n % 200}` })), 0);
      board.note(standing(`s${n}`), n % 2 === 0 ? refusal : nothing);
      await pass(9);
    }
    await pass(2 * countEveryMs);
    // One at the start, three in nine seconds.
    expect(news.length).toBeLessThanOrEqual(4);
    expect([board.of('edge')?.waiting, board.of('edge')?.pools[0]?.used]).toEqual([500, 200]);
    board.stop();
  });

  it('tells nothing while the counts stay the same', async () => {
    const { board, news } = play();
    board.start();
    await pass(countAfterMs);
    board.note(standing('a'), nothing);
    await pass(3 * countEveryMs);
    expect(news).toEqual(['edge']);
    board.stop();
  });

  it('forgets who is gone, or has got it', async () => {
    const { board } = play();
    board.start();
    (['a', 'b', 'c'] as const).forEach((name) => board.note(standing(name), refusal));
    board.forget('default/a');
    board.note(standing('b'), { ...nothing, told: [{ type: 'Normal', reason: 'AddressGranted', note: '' }] });
    await pass(countAfterMs);
    expect(board.of('edge')?.first.map(({ service }) => service)).toEqual(['default/c']);
    board.stop();
  });

  it('counts nothing any more when it has stopped', async () => {
    const { board, news } = play();
    board.start();
    board.stop();
    board.note(standing('a'), refusal);
    await pass(countEveryMs);
    expect(news).toEqual([]);
  });
});
