// Whatever somebody changes in what the operator owns is undone within a second; what is nobody's business is
// left alone; and an operator with nothing to do asks for nothing.
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { V1DaemonSet } from '@kubernetes/client-node';
import type { AdminRequest } from './admin.ts';
import { describeRequest, operatorRequests } from './audit.ts';
import { specWith } from './builders.ts';
import { startStage, type Stage } from './stage.ts';
import { merge, strategic, tampered, tampering } from './tampering.ts';
import { until } from './until.ts';
import { stretched } from '../stretched.ts';

jest.setTimeout(30_000);

const [api, services] = ['edge-control-plane', 'edge-services'] as const;

let stage: Stage;
let original: V1DaemonSet;

beforeAll(async () => {
  stage = await startStage();
  await stage.create(
    'edge',
    specWith({
      controlPlane: { addresses: ['203.0.113.100'], resources: { limits: { memory: '64Mi' } } },
      services: {},
    }),
  );
  await stage.untilRuns(services);
  await stage.play.runHealthy(api, 'n1');
  await stage.play.runHealthy(services, 'n3');
  await stage.conditions('edge', {
    Accepted: 'True Accepted',
    PreflightPassed: 'True PreflightPassed',
    Programmed: 'True Applied',
    Ready: 'True Held',
  });
  original = await stage.admin.expect<V1DaemonSet>({ method: 'GET', path: tampered });
}, 60_000);

afterAll(() => stage?.stop());

/** What the operator decides about; the rest is the API server's bookkeeping. */
function owned({ metadata, spec }: V1DaemonSet): object {
  const { labels, annotations, ownerReferences } = metadata ?? {};
  const { 'deprecated.daemonset.template.generation': _, ...notes } = annotations ?? {};
  return { labels, annotations: notes, ownerReferences, spec };
}

describe('drift is undone within a second', () => {
  const took: number[] = [];

  it.each(tampering)('%s', async (_, request) => {
    const since = performance.now();
    await stage.admin.expect(request);
    await until(
      'the DaemonSet to be as it was',
      async () => {
        const now = await stage.admin.expect<V1DaemonSet>({ method: 'GET', path: tampered });
        expect(owned(now)).toEqual(owned(original));
        return true;
      },
      2000,
    );
    took.push(performance.now() - since);
    expect(took.at(-1)).toBeLessThan(stretched(1000));
  });

  // What was not repaired must not be counted against the next one.
  afterEach(async () => {
    const now = await stage.daemonSet(api);
    if (now !== undefined && !isDeepStrictEqual(owned(now), owned(original))) {
      await stage.admin.expect({ method: 'DELETE', path: tampered });
      await stage.untilRuns(api);
    }
  });

  afterAll(() => {
    const sorted = took.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]?.toFixed(0);
    console.info(`drift to repaired: median ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1)} ms`);
  });
});

describe('nobody is disturbed by', () => {
  const quietMs = 700;

  it.each<[string, AdminRequest]>([
    [
      'kubectl rollout restart',
      strategic({
        spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } } } },
      }),
    ],
    [
      'a redeploy by Rancher',
      strategic({
        spec: {
          template: { metadata: { annotations: { 'cattle.io/timestamp': '2026-11-24T12:00:00Z' } } },
        },
      }),
    ],
    ['a label of somebody else', merge({ metadata: { labels: { 'argocd.argoproj.io/instance': 'x' } } })],
    ['an annotation of somebody else', merge({ metadata: { annotations: { note: 'hands off' } } })],
    [
      'another manager that owns what the API server sets anyway',
      {
        method: 'PATCH',
        path: `${tampered}?fieldManager=gitops`,
        type: 'apply',
        body: {
          apiVersion: 'apps/v1',
          kind: 'DaemonSet',
          metadata: { name: api },
          spec: { template: { spec: { restartPolicy: 'Always' } } },
        },
      },
    ],
  ])('%s', async (_, request) => {
    const before = operatorRequests(stage.api).length;
    const { metadata } = await stage.admin.expect<V1DaemonSet>(request);
    await sleep(quietMs);
    expect((await stage.daemonSet(api))?.metadata?.generation).toBe(metadata?.generation);
    const since = operatorRequests(stage.api).slice(before).map(describeRequest);
    expect(since.filter((text) => text.includes('daemonsets'))).toEqual([]);
  });
});

it('keeps restarts when it repairs what came after', async () => {
  const annotations = { 'kubectl.kubernetes.io/restartedAt': 'later', 'cattle.io/timestamp': 'later' };
  await stage.admin.expect(strategic({ spec: { template: { metadata: { annotations } } } }));
  await stage.admin.expect(merge({ spec: { minReadySeconds: 30 } }));
  const { spec } = await until('the repair', async () => {
    const now = await stage.daemonSet(api);
    return now?.spec?.minReadySeconds === undefined ? now : undefined;
  });
  expect(spec?.template.metadata?.annotations).toEqual(annotations);
});

it('asks for nothing while nothing happens', async () => {
  await stage.play.runHealthy(api, 'n1');
  await stage.play.runHealthy(services, 'n3');
  // An edit of the tests before has its facts read two seconds later.
  await sleep(4000);
  const before = operatorRequests(stage.api).length;
  const isRenewal = (text: string): boolean => text === 'patch leases 200';
  const end = Date.now() + 10_000;
  while (Date.now() < end) {
    // kube-vip renews: an event that must cost nothing.
    await stage.play.hold(api, { holder: 'n1' });
    await stage.play.hold(services, { holder: 'n3' });
    await sleep(1000);
  }
  const since = operatorRequests(stage.api).slice(before).map(describeRequest);
  expect(since.filter((text) => !text.startsWith('watch') && !isRenewal(text))).toEqual([]);
  // Its own Lease, every two seconds.
  expect(since.filter(isRenewal).length).toBeLessThan(8);
});
