import { describe, expect, it } from '@jest/globals';
import type { Watch } from '@kubernetes/client-node';
import { followReport } from '../../src/cluster/probe-log.ts';

type Line = (phase: string, object: unknown, line: unknown) => void;

/** A log that the test writes. */
class PlayedLog {
  readonly asked: unknown[] = [];
  readonly request = new AbortController();
  write: Line = () => undefined;
  end: (error?: unknown) => void = () => undefined;

  readonly watch = (async (path: string, query: object, write: Line, end: (error?: unknown) => void) => {
    this.asked.push([path, query]);
    this.write = write;
    this.end = end;
    return this.request;
  }) as Watch['watch'];

  get isHungUp(): boolean {
    return this.request.signal.aborted;
  }
}

const refused = (statusCode: number) => Object.assign(new Error('Forbidden'), { statusCode });
const path = '/api/v1/namespaces/kube-vip-system/pods/edge-probe-x/log';

function following() {
  const log = new PlayedLog();
  const stopping = new AbortController();
  const followed = followReport(log, 'edge-probe-x', stopping.signal);
  return { log, stopping, followed };
}

describe('followReport', () => {
  it('has the first line of JSON as soon as it is printed, and hangs up', async () => {
    const { log, followed } = following();
    expect(log.asked).toEqual([[path, { container: 'probe', follow: true, limitBytes: 65_536 }]]);
    log.write(undefined as unknown as string, undefined, { run: 'a-1', bound: [] });
    await expect(followed).resolves.toBe('{"run":"a-1","bound":[]}');
    expect(log.isHungUp).toBe(true);
  });

  it('has nothing of a log that ends without one', async () => {
    const { log, followed } = following();
    log.end(null);
    await expect(followed).resolves.toBeUndefined();
  });

  it('says what was refused', async () => {
    const { log, followed } = following();
    log.end(refused(403));
    await expect(followed).rejects.toMatchObject({ status: 403, message: `GET ${path}: 403 Forbidden` });
  });

  it('says how a connection broke', async () => {
    const { log, followed } = following();
    log.end(new TypeError('terminated'));
    await expect(followed).rejects.toThrow('terminated');
  });

  it('hangs up and is silent when it is to end', async () => {
    const { log, stopping, followed } = following();
    await Promise.resolve();
    stopping.abort();
    expect(log.isHungUp).toBe(true);
    log.end(new Error('This operation was aborted'));
    await expect(followed).resolves.toBeUndefined();
  });

  it('asks nothing when it is to end already', async () => {
    const log = new PlayedLog();
    await expect(followReport(log, 'edge-probe-x', AbortSignal.abort())).resolves.toBeUndefined();
    expect(log.asked).toEqual([]);
  });
});
