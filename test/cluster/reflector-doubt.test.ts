// When a watch is not believed: the cluster went back in time, or the connection may be dead.
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { list, object, Play, type OpenWatch } from './played-watch.ts';

let play: Play;
let running: Promise<void>;

async function start(lists: unknown[]): Promise<OpenWatch> {
  play = new Play(lists);
  running = play.reflector.run();
  return play.watching(1);
}

afterEach(async () => {
  play.reflector.stop();
  await running;
});

/** Time passes, so that an end is not one that comes at once. */
const later = (): void => {
  play.now += 5000;
};

describe('a reflector', () => {
  it.each<[string, (watch: OpenWatch) => void]>([
    ['410', ({ take }) => take('ERROR', { code: 410, message: 'restored' } as object)],
    ['an event of a version before the last', ({ take }) => take('ADDED', object('old', 30))],
    ['a bookmark of a version before the last', ({ take }) => take('BOOKMARK', object('', 45))],
    ['word of another that it went back', () => play.reflector.relist()],
  ])('believes a list whole when the cluster went back in time: %s', async (_, happen) => {
    const watch = await start([
      list(50, object('a', 40), object('gone', 45)),
      list(700, object('a', 40), object('old', 30)),
    ]);
    watch.take('MODIFIED', object('gone', 800));
    watch.take('BOOKMARK', object('', 900));
    watch.take('MODIFIED', object('a', 901));
    happen(watch);
    expect((await play.watching(2)).query).toMatchObject({ resourceVersion: '700' });
    expect(play.names).toEqual(['a@40', 'old@30']);
    expect(watch.request.signal.aborted).toBe(true);
    expect(play.story.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it('ends its pause when it has to list anew', async () => {
    const { done } = await start([list(900), list(5)]);
    const isPaused = Promise.withResolvers<void>();
    play.sleeping = async (signal) => {
      isPaused.resolve();
      await once(signal, 'abort');
    };
    done(new Error('ECONNRESET'));
    await isPaused.promise;
    play.reflector.relist();
    expect((await play.watching(2)).query).toMatchObject({ resourceVersion: '5' });
  });

  it('does not go on where a watch that it gave up comes to afterwards', async () => {
    const { take } = await start([list(7), list(5)]);
    play.reflector.relist();
    take('MODIFIED', object('a', 900));
    expect((await play.watching(2)).query).toMatchObject({ resourceVersion: '5' });
    expect(play.names).toEqual([]);
  });

  it('does not keep a watch that was under way when it had to list anew', async () => {
    play = new Play([list(900), list(5)]);
    play.onOpening = () => {
      play.onOpening = () => undefined;
      play.reflector.relist();
    };
    running = play.reflector.run();
    expect((await play.watching(2)).query).toMatchObject({ resourceVersion: '5' });
    expect(play.watches[0]?.request.signal.aborted).toBe(true);
  });

  it('lists anew when bookmarks do not come: the API server may not have reached the version', async () => {
    const { done } = await start([list(900), list(50, object('a', 40))]);
    done(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    expect((await play.watching(2)).query).toMatchObject({ resourceVersion: '50' });
    expect(play.names).toEqual(['a@40']);
  });

  it('gives up a watch that does not bring what was answered', async () => {
    const { request } = await start([list(7), list(9, object('a', 9))]);
    await play.reflector.echo('9');
    expect((await play.watching(2)).query).toMatchObject({ resourceVersion: '9' });
    expect(request.signal.aborted).toBe(true);
    expect(play.story.slice(3)).toEqual([
      'blind',
      'error WATCH kubevipconfigs: expected version 9 within 2500 ms, found silence; in 500',
      'sees',
      'listed',
      'sees',
    ]);
  });

  it.each<[string, (watch: OpenWatch) => void]>([
    ['brings it soon', ({ take }) => take('MODIFIED', object('a', 9))],
    ['brings a later one soon', ({ take }) => take('BOOKMARK', object('', 12))],
  ])('keeps a watch that %s', async (_, happen) => {
    const watch = await start([list(7)]);
    const echo = play.reflector.echo('9');
    happen(watch);
    await echo;
    expect(watch.request.signal.aborted).toBe(false);
    expect(play.watches).toHaveLength(1);
  });

  it('gives a watch that was opened meanwhile its own time', async () => {
    const { done } = await start([list(7)]);
    const echo = play.reflector.echo('9');
    later();
    done();
    await echo;
    expect((await play.watching(2)).request.signal.aborted).toBe(false);
    expect(play.story.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it('goes on with a new connection when it is told to, without a list or a word', async () => {
    const { take, request } = await start([list(7)]);
    take('ADDED', object('a', 8));
    later();
    play.reflector.renew();
    expect((await play.watching(2)).query).toMatchObject({ resourceVersion: '8' });
    expect(request.signal.aborted).toBe(true);
    expect(play.requests).toHaveLength(1);
    expect(play.story.slice(4)).toEqual(['sees']);
  });

  it('says of all that comes that the connection lives, and of an open watch alone not', async () => {
    const { take } = await start([list(7)]);
    const heard = [play.heard];
    take('BOOKMARK', object('', 8));
    heard.push(play.heard);
    take('MODIFIED', object('a', 9));
    heard.push(play.heard);
    expect(heard).toEqual([1, 2, 3]);
  });
});
