// The probe of nodes on a real API server: what is applied when, with the kubelets played by hand.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { NodeReport } from '../../src/api/node-report.ts';
import { nodeReport } from '../node-world.ts';
import { podName } from './actors.ts';
import { heard } from './audit.ts';
import { specWith } from './builders.ts';
import { paths } from './cluster.ts';
import { playHttps, type HttpsServer } from './https-server.ts';
import { startStage, type Stage } from './stage.ts';
import { until } from './until.ts';
import { stretched } from '../stretched.ts';

jest.setTimeout(60_000);

let stage: Stage;
let kubelet: HttpsServer;
/** What the probe on n9 prints. */
let printed = '';

beforeAll(async () => {
  stage = await startStage({ args: ['--probe-image', 'registry.example.org/operator:v1'] });
  kubelet = await playHttps(stage.api.dir, () => ({ status: 200, body: `${printed}\n` }));
}, 60_000);

afterAll(async () => {
  await stage?.stop();
  await kubelet?.stop();
});

const asking = (address: string, nodeProbe = 'BestEffort') =>
  specWith({ controlPlane: { addresses: [address] }, preflight: { nodeProbe } });
const nameOf = (config: string): string => `${config}-control-plane-probe`;
const passed = async (config: string): Promise<string> => {
  const found = (await stage.config(config))?.status?.conditions;
  const row = found?.find(({ type }) => type === 'PreflightPassed');
  return `${row?.status} ${row?.reason}`;
};

/** The kubelet of a node has the probe of a config; resolves with the name of its run. */
async function place(config: string, node: string): Promise<string> {
  const name = nameOf(config);
  await stage.untilRuns(name);
  await stage.play.observe(name, { desired: 1, updated: 1, ready: 0 });
  await stage.play.runPod(name, node, false);
  return (await stage.daemonSet(name))?.metadata?.annotations?.['kubevip.dev/probe-run'] ?? '';
}

/** The kubelet says how the container of the probe is. */
async function tell(config: string, node: string, state: object): Promise<void> {
  const container = { name: 'probe', image: 'x', imageID: '', ready: false, restartCount: 0 };
  await stage.admin.expect({
    method: 'PATCH',
    path: `${paths.pods}/${podName(nameOf(config), node)}/status`,
    body: { status: { containerStatuses: [{ ...container, state }] } },
    type: 'strategic',
  });
}

/** The kubelet has run the probe on n1 to its end. */
async function answer(config: string, said: Partial<NodeReport> = {}): Promise<void> {
  const run = await place(config, 'n1');
  const message = JSON.stringify(nodeReport('n1', run, said));
  await tell(config, 'n1', { terminated: { exitCode: 0, message } });
}

async function probeEnded(config: string, node = 'n1'): Promise<void> {
  await until('the probe to be deleted', async () => {
    await stage.play.collectGarbage();
    return (await stage.daemonSet(nameOf(config))) === undefined;
  });
  await stage.play.endPod(nameOf(config), node);
}

describe('the probe', () => {
  it('is made first, and what is asked for as soon as every node has answered', async () => {
    await stage.create('well', asking('203.0.113.81'));
    await stage.untilRuns(nameOf('well'));
    await until('word of it', async () => (await passed('well')) === 'Unknown PreflightPending');
    expect(await stage.daemonSet('well-control-plane')).toBeUndefined();
    await answer('well');
    await stage.untilRuns('well-control-plane');
    const said = await heard(stage.api, 'patch pods/status', podName(nameOf('well'), 'n1'));
    const applied = await heard(stage.api, 'patch daemonsets', 'well-control-plane');
    expect(applied.answeredAt - said.askedAt).toBeLessThan(stretched(1000));
    await until('a verdict', async () => (await passed('well')) === 'True PreflightPassed');
    await probeEnded('well');
    expect((await stage.config('well'))?.status?.nodeProbe).toMatchObject([
      { asked: 1, answered: 1, findings: [] },
    ]);
  });

  it('keeps everything back when a node has the address', async () => {
    await stage.create('taken', asking('203.0.113.82'));
    await answer('taken', { bound: ['203.0.113.82'] });
    await until('a verdict', async () => (await passed('taken')) === 'False PreflightFailed');
    await probeEnded('taken');
    expect(await passed('taken')).toBe('False PreflightFailed');
    expect((await stage.config('taken'))?.status?.preflight).toMatchObject([
      { check: 'address-is-unused', result: 'Failed', object: 'Node/n1' },
    ]);
    expect(await stage.daemonSet('taken-control-plane')).toBeUndefined();
  });

  it('is waited for no longer than 5 s where no controller acts upon it', async () => {
    await stage.create('alone', asking('203.0.113.83'));
    const since = performance.now();
    await stage.untilRuns('alone-control-plane', 15_000);
    expect(performance.now() - since).toBeGreaterThan(4000);
    expect(performance.now() - since).toBeLessThan(stretched(12_000));
    await until('a verdict', async () => (await passed('alone')) === 'True PreflightWarned');
  });

  it('is waited for no longer than 20 s when a node says nothing', async () => {
    const since = performance.now();
    await stage.create('silent', asking('203.0.113.84'));
    await stage.untilRuns(nameOf('silent'));
    await stage.play.observe(nameOf('silent'), { desired: 1, updated: 1, ready: 0 });
    await stage.untilRuns('silent-control-plane', 30_000);
    expect(performance.now() - since).toBeGreaterThan(18_000);
    expect(performance.now() - since).toBeLessThan(stretched(26_000));
  });

  it('keeps everything back when nodes are Required and cannot be asked', async () => {
    await stage.create('strict', asking('203.0.113.85', 'Required'));
    await until('a verdict', async () => (await passed('strict')) === 'False PreflightFailed', 15_000);
    expect((await stage.config('strict'))?.status?.preflight).toMatchObject([
      { check: 'required-nodes-answered', result: 'Failed' },
    ]);
    expect(await stage.daemonSet('strict-control-plane')).toBeUndefined();
  });

  it('is heard while its container runs, by its log', async () => {
    const name = 'n9';
    const labels = { 'kubernetes.io/os': 'linux', 'node-role.kubernetes.io/control-plane': '' };
    await stage.admin.expect({ method: 'POST', path: '/api/v1/nodes', body: { metadata: { name, labels } } });
    const status = {
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      daemonEndpoints: { kubeletEndpoint: { Port: kubelet.port } },
    };
    await stage.admin.expect({
      method: 'PATCH',
      path: `/api/v1/nodes/${name}/status`,
      body: { status },
      type: 'merge',
    });
    await stage.create('heard', asking('203.0.113.86'));
    printed = JSON.stringify(nodeReport(name, await place('heard', name)));
    await tell('heard', name, { running: { startedAt: null } });
    await stage.untilRuns('heard-control-plane');
    // That node has no API server, and no network is noted: warnings.
    await until('a verdict', async () => (await passed('heard')) === 'True PreflightWarned');
    expect(kubelet.asked).toEqual([
      `/containerLogs/kube-vip-system/${podName(nameOf('heard'), name)}/probe?follow=true&limitBytes=65536`,
    ]);
    await probeEnded('heard', name);
  });
});
