// A pod that crashes, from the kubelet to the one line that a person reads.
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { messageOf, specWith } from './builders.ts';
import { playHttps, type HttpsServer } from './https-server.ts';
import { startStage, type Stage } from './stage.ts';
import { settled } from './until.ts';

jest.setTimeout(30_000);

let stage: Stage;
let kubelet: HttpsServer;

/** A node whose kubelet is played here. */
async function addNode(name: string): Promise<void> {
  const path = '/api/v1/nodes';
  const labels = { 'kubernetes.io/os': 'linux', 'node-role.kubernetes.io/control-plane': '' };
  await stage.admin.expect({ method: 'POST', path, body: { metadata: { name, labels } } });
  const status = {
    addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
    daemonEndpoints: { kubeletEndpoint: { Port: kubelet.port } },
  };
  await stage.admin.expect({
    method: 'PATCH',
    path: `${path}/${name}/status`,
    body: { status },
    type: 'merge',
  });
}

beforeAll(async () => {
  stage = await startStage();
  const log = '2026/11/24 12:00:00 INFO starting\n2026/11/24 12:00:01 ERROR no such interface eth9\n';
  kubelet = await playHttps(stage.api.dir, () => ({ status: 200, body: log }));
  await addNode('n1');
  await stage.create('edge', specWith());
  await stage.untilRuns('edge-control-plane');
}, 60_000);

afterAll(async () => {
  await kubelet?.stop();
  await stage?.stop();
});

const ready = async () => messageOf(await stage.config('edge'), 'Ready');

it('is told with what kube-vip said last', async () => {
  await stage.play.runPod('edge-control-plane', 'n1', false);
  await stage.play.observe('edge-control-plane', { desired: 1, updated: 1, ready: 0 });
  await stage.play.crashPod('edge-control-plane', 'n1', 0);
  const sentence =
    '203.0.113.100: no node holds it, kube-vip on n1 ended with exit code 0. Pod edge-control-plane-n1 on n1 ended with exit code 0 (a failed start or a lost Lease, no success). Its log ends with “ERROR no such interface eth9”. No node holds Lease edge-control-plane. Read on with kubectl -n kube-vip-system logs edge-control-plane-n1 --previous.';
  await expect(settled(ready, sentence)).resolves.toBe(sentence);
  expect(await stage.conditions('edge', {})).toMatchObject({
    Programmed: 'False FailedStart',
    Reconciling: 'True FailedStart',
    Ready: 'False NoHolder',
  });
});

it('costs one request of the log for one crash', () => {
  const path =
    '/containerLogs/kube-vip-system/edge-control-plane-n1/kube-vip?limitBytes=65536&previous=true&tailLines=20';
  expect(kubelet.asked).toEqual([path]);
});

it('is stalled when nothing got further for ten minutes, so that tools fail instead of waiting', async () => {
  const path = '/apis/kubevip.dev/v1alpha1/kubevipconfigs/edge/status';
  const lastProgress = new Date(Date.now() - 601_000).toISOString().replace(/\.\d+Z$/, 'Z');
  await stage.admin.expect({ method: 'PATCH', path, body: { status: { lastProgress } }, type: 'merge' });
  const found = await stage.conditions('edge', {});
  expect(found).toMatchObject({ Stalled: 'True FailedStart', Programmed: 'False FailedStart' });
  expect(found).not.toHaveProperty('Reconciling');
  expect(messageOf(await stage.config('edge'), 'Stalled')).toContain(
    `Nothing got further since ${lastProgress}, for more than 600 s.`,
  );
});

it('is under way again with another spec', async () => {
  await stage.admin.expect({
    method: 'PATCH',
    path: '/apis/kubevip.dev/v1alpha1/kubevipconfigs/edge',
    body: { spec: { arp: { announceIntervalSeconds: 5 } } },
    type: 'merge',
  });
  const found = await stage.conditions('edge', {});
  expect(found).toMatchObject({ Reconciling: 'True RollingOut' });
  expect(found).not.toHaveProperty('Stalled');
});
