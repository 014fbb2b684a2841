// List and watch of one resource against a cluster that is played line by line: no clock, no network.
import { afterEach, describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '@kubernetes/client-node';
import { ApiError } from '../../src/cluster/errors.ts';
import { resources, type Resource } from '../../src/cluster/resources.ts';
import { list, object, Play, refused, type OpenWatch } from './played-watch.ts';

let play: Play;
let running: Promise<void>;

async function start(lists: unknown[], resource?: Resource): Promise<OpenWatch> {
  play = new Play(lists, resource);
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
  it('lists, then watches from the version of the list, with bookmarks', async () => {
    const { path, query } = await start([list(7, object('a', 3))]);
    expect(play.names).toEqual(['a@3']);
    expect(path).toBe('/apis/kubevip.dev/v1alpha1/kubevipconfigs');
    expect(query).toEqual({ resourceVersion: '7', allowWatchBookmarks: true, timeoutSeconds: 300 });
    expect(play.story).toEqual(['sees', 'listed', 'sees']);
  });

  it('asks only for what its selector names, in the list and in the watch', async () => {
    const { query } = await start([list(7)], resources.pods);
    const labelSelector = 'app.kubernetes.io/managed-by=kube-vip-operator';
    expect(query).toMatchObject({ labelSelector });
    expect(play.requests[0]?.path).toContain(new URLSearchParams({ labelSelector }).toString());
  });

  it('keeps what events bring, and says so after the store knows it', async () => {
    const { take } = await start([list(7, object('a', 3))]);
    take('MODIFIED', object('a', 8));
    take('ADDED', object('b', 9));
    take('DELETED', object('a', 10));
    expect(play.names).toEqual(['b@9']);
    expect(play.story.slice(3)).toEqual(['event a@8', 'event b@9', 'event a@10']);
  });

  it('goes on at the last version when the API server ends the watch, without a list or a pause', async () => {
    const { take, done } = await start([list(7)]);
    take('ADDED', object('a', 8));
    later();
    done();
    expect((await play.watching(2)).query).toMatchObject({ resourceVersion: '8' });
    expect(play.requests).toHaveLength(1);
    expect(play.story.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it('goes on at a bookmark, which is no event', async () => {
    const { take, done } = await start([list(7)]);
    take('BOOKMARK', object('', 90));
    later();
    done();
    expect((await play.watching(2)).query).toMatchObject({ resourceVersion: '90' });
    expect(play.names).toEqual([]);
    expect(play.story.filter((line) => line.startsWith('event'))).toEqual([]);
  });

  it('goes on at the last version when the connection is cut, after a pause', async () => {
    const { take, done } = await start([list(7)]);
    take('ADDED', object('a', 8));
    done(new Error('ECONNRESET'));
    expect((await play.watching(2)).query).toMatchObject({ resourceVersion: '8' });
    expect(play.story.slice(4)).toEqual(['blind', 'error ECONNRESET; in 500', 'sees']);
    expect(play.requests).toHaveLength(1);
  });

  it.each<[string, (watch: OpenWatch) => void]>([
    ['an ERROR event with 410', ({ take }) => take('ERROR', { code: 410, message: 'too old' } as object)],
    ['a refusal with 410', ({ done }) => done(refused(410))],
  ])('lists again at once after %s, and says nothing', async (_, act) => {
    const watch = await start([list(7, object('a', 3)), list(50, object('b', 49))]);
    act(watch);
    expect((await play.watching(2)).query).toMatchObject({ resourceVersion: '50' });
    expect(play.names).toEqual(['b@49']);
    expect(play.story.slice(3)).toEqual(['blind', 'sees', 'listed', 'sees']);
    expect(play.now).toBe(0);
  });

  it('pauses when a list does not help against 410', async () => {
    play = new Play([list(7)]);
    play.refusals = [refused(410), refused(410), refused(410)];
    running = play.reflector.run();
    await play.watching(1);
    const errors = play.story.filter((line) => line.startsWith('error'));
    expect(errors).toEqual([
      'error WATCH kubevipconfigs: 410 no; in 1000',
      'error WATCH kubevipconfigs: 410 no; in 2000',
    ]);
    expect(play.requests).toHaveLength(4);
  });

  it('takes an ERROR event of another kind for a failure of the watch', async () => {
    const { take } = await start([list(7)]);
    take('ERROR', { code: 500, message: 'etcd' } as object);
    expect((await play.watching(2)).query).toMatchObject({ resourceVersion: '7' });
    expect(play.story).toContain('error WATCH kubevipconfigs: 500 etcd; in 500');
  });

  it('waits twice as long after each failure, up to 15 s, and lists again at the fifth', async () => {
    play = new Play([list(7)]);
    play.refusals = Array.from({ length: 7 }, () => refused(503));
    running = play.reflector.run();
    await play.watching(1);
    const pauses = play.story.filter((line) => line.startsWith('error')).map((line) => line.split(' in ')[1]);
    expect(pauses).toEqual(['500', '1000', '2000', '4000', '8000', '15000', '15000']);
    expect(play.requests).toHaveLength(2);
  });

  it('starts with a short pause again after something came', async () => {
    play = new Play([list(7)]);
    play.refusals = [refused(503), refused(503)];
    running = play.reflector.run();
    const { take, done } = await play.watching(1);
    take('BOOKMARK', object('', 8));
    done(new Error('cut'));
    await play.watching(2);
    expect(play.story.filter((line) => line.startsWith('error')).at(-1)).toBe('error cut; in 500');
  });

  it('takes a watch that ends at once and without an event for a failure', async () => {
    const { done } = await start([list(7)]);
    done();
    await play.watching(2);
    const said = 'WATCH kubevipconfigs: connection closed at once, without an event';
    expect(play.story).toContain(`error ${said}; in 500`);
  });

  it('tries the list again, with a pause, as long as it is refused', async () => {
    await start([new ApiError(403, 'GET x', 'forbidden'), list(7, object('a', 3))]);
    expect(play.story).toEqual(['blind', 'error GET x: 403 forbidden; in 500', 'sees', 'listed', 'sees']);
  });

  it('says nothing of a trimmed object in which nothing changed that is kept', async () => {
    const trim = ({ metadata, kind }: KubernetesObject): KubernetesObject => ({ metadata, kind }) as object;
    const { take } = await start([list(7, object('a', 3, { kind: 'A', noise: 1 }))], {
      ...resources.configs,
      trim,
    });
    take('MODIFIED', object('a', 8, { kind: 'A', noise: 2 }));
    expect(play.story.slice(3)).toEqual([]);
    expect(play.names).toEqual(['a@8']);
    expect(play.store.list()).toEqual([{ metadata: { name: 'a', resourceVersion: '8' }, kind: 'A' }]);
    take('MODIFIED', object('a', 9, { kind: 'B', noise: 2 }));
    take('DELETED', object('a', 10, { kind: 'B' }));
    expect(play.story.slice(3)).toEqual(['event a@9', 'event a@10']);
  });

  it('ends when it is stopped: no watch stays open, no new one is opened', async () => {
    const { request } = await start([list(7)]);
    play.reflector.stop();
    await running;
    expect(request.signal.aborted).toBe(true);
    expect(play.watches).toHaveLength(1);
    expect(play.story.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it('ends when it is stopped while it connects', async () => {
    play = new Play([list(7)]);
    running = play.reflector.run();
    play.reflector.stop();
    await running;
    expect(play.watches.filter(({ request }) => !request.signal.aborted)).toEqual([]);
  });
});
