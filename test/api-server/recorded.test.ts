// What was applied is kept: an operator that is started over one before it restarts nothing, and repair goes back to what
// was applied last while an edit is held.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { V1ControllerRevision, V1DaemonSet } from '@kubernetes/client-node';
import { annotations } from '../../src/api/metadata.ts';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { leavesOutControlPlane } from '../../src/observed/daemon-set.ts';
import { byFormerDefault } from '../former-default.ts';
import { freePorts } from '../free-ports.ts';
import { rendering } from '../builders.ts';
import { conditionsOf, messageOf, specWith, written } from './builders.ts';
import { namespace, paths, startCluster, type TestCluster } from './cluster.ts';
import { controlPlaneNode } from './neighbours.ts';
import { health, startOperator, type Operator } from './operator.ts';
import { until } from './until.ts';

jest.setTimeout(60_000);

const names = ['edge-control-plane', 'edge-services'] as const;
const revisions = `/apis/apps/v1/namespaces/${namespace}/controllerrevisions`;

let cluster: TestCluster;
let operator: Operator;
/** As they were before this operator was started. */
let before: readonly V1DaemonSet[];

/** A rendering as an earlier operator applied it: Services kept off every node with the label of the control plane. */
const byEarlier = (object: V1DaemonSet): V1DaemonSet =>
  object.metadata?.name === 'edge-services' ? byFormerDefault(object) : object;

const live = async (name: string): Promise<V1DaemonSet> =>
  cluster.admin.expect<V1DaemonSet>({ method: 'GET', path: `${paths.daemonSets}/${name}` });

async function untilCondition(type: string, wanted: string | undefined, ms?: number): Promise<void> {
  await until(
    `${type} to be ${wanted}`,
    async () => conditionsOf(await cluster.config('edge'))[type] === wanted,
    ms,
  );
}

const recordsOf = async (daemonSet: string): Promise<readonly V1ControllerRevision[]> => {
  const { items } = await cluster.admin.expect<{ items: V1ControllerRevision[] }>({
    method: 'GET',
    path: revisions,
  });
  return items.filter(({ metadata }) => metadata?.name?.startsWith(daemonSet));
};

/** Of the rendering that waits, as the message names it. */
async function waitingHash(): Promise<string> {
  const message = messageOf(await cluster.config('edge'), 'RenderingWaits') ?? '';
  return /take-rendering=(?<hash>[0-9a-f]+)/.exec(message)?.groups?.['hash'] ?? '';
}

async function start(): Promise<void> {
  const [port = 0, metricsPort = 0] = await freePorts(2);
  const args = ['--health-port', `${port}`, '--metrics-port', `${metricsPort}`, '--probe-addresses', 'off'];
  operator = startOperator({ kubeconfig: cluster.kubeconfig, args });
  await until('the operator to be ready', async () => (await health(port, '/readyz')) === '200 ok', 30_000);
}

beforeAll(async () => {
  cluster = await startCluster();
  const { admin } = cluster;
  const config = await admin.expect<KubeVipConfig>({
    method: 'POST',
    path: paths.configs,
    body: written('edge', specWith({ services: {}, preflight: { nodeProbe: 'Off' } })),
  });
  // An administrator puts back what the operator made: the policy about a kube-vip of others lets that in.
  for (const object of rendering(config).map(byEarlier)) {
    await admin.expect({
      method: 'PATCH',
      path: `${paths.daemonSets}/${object.metadata?.name}?fieldManager=kube-vip-operator&force=true`,
      body: object,
      type: 'apply',
    });
  }
  await admin.expect({
    method: 'PATCH',
    path: `${paths.configs}/edge`,
    body: { metadata: { finalizers: ['kubevip.dev/operands'] } },
    type: 'merge',
  });
  await admin.expect({
    method: 'PATCH',
    path: `${paths.configs}/edge/status`,
    body: {
      status: {
        observedGeneration: config.metadata.generation,
        conditions: [
          {
            type: 'Programmed',
            status: 'True',
            reason: 'Applied',
            message: 'Every selected node runs the current revision.',
            lastTransitionTime: '2026-11-28T10:00:00Z',
            observedGeneration: config.metadata.generation,
          },
        ],
      },
    },
    type: 'merge',
  });
  before = await Promise.all(names.map(live));
  await start();
}, 60_000);

afterAll(async () => {
  await operator?.stop();
  await cluster?.stop();
});

describe('an operator over one that recorded nothing', () => {
  it('records what runs, says what waits, and restarts nothing', async () => {
    await untilCondition('RenderingWaits', 'True NewerRendering');
    await until('both to be recorded', async () => (await recordsOf('edge-')).length === 2);
    await sleep(1000);
    const generations = (await Promise.all(names.map(live))).map(({ metadata }) => metadata?.generation);
    expect(generations).toEqual(before.map(({ metadata }) => metadata?.generation));
    expect(messageOf(await cluster.config('edge'), 'RenderingWaits')).toContain(
      'What runs is kept as it was applied (edge-services: spec.template.spec.affinity)',
    );
  });

  it('keeps records that the DaemonSet controller does not take for its own', async () => {
    const selector = Object.entries(before[0]?.spec?.selector.matchLabels ?? {});
    for (const { metadata } of await recordsOf('edge-')) {
      expect(metadata?.ownerReferences?.map(({ kind }) => kind)).toEqual(['KubeVipConfig']);
      expect(selector.every(([key, value]) => metadata?.labels?.[key] === value)).toBe(false);
    }
  });

  it('takes the new rendering when an annotation says so', async () => {
    const hash = await waitingHash();
    await cluster.admin.expect({
      method: 'PATCH',
      path: `${paths.configs}/edge`,
      body: { metadata: { annotations: { [annotations.takeRendering]: hash } } },
      type: 'merge',
    });
    await untilCondition('RenderingWaits', undefined);
    const [controlPlane, services] = await Promise.all(names.map(live));
    expect(services && leavesOutControlPlane(services)).toBe(false);
    expect(controlPlane).toMatchObject({ spec: before[0]?.spec });
    await until('that to be recorded', async () => (await recordsOf('edge-services')).length === 2);
  });
});

describe('while an edit is held', () => {
  const image = (object: V1DaemonSet): string => object.spec?.template.spec?.containers[0]?.image ?? '';

  it('repairs go back to what was applied last', async () => {
    // A node that comes has the facts read again. A fact about both components, which only an administrator can bring about.
    await cluster.admin.expect({
      method: 'PATCH',
      path: `/api/v1/namespaces/${namespace}`,
      body: { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } } },
      type: 'merge',
    });
    await cluster.admin.expect({ method: 'POST', path: '/api/v1/nodes', body: controlPlaneNode('n1') });
    await untilCondition('PreflightPassed', 'False PreflightFailed', 45_000);
    await cluster.admin.expect({
      method: 'PATCH',
      path: `${paths.configs}/edge`,
      body: { spec: { version: 'v1.0.4' } },
      type: 'merge',
    });
    await untilCondition('Programmed', 'False PreflightFailed');
    await cluster.admin.expect({
      method: 'PATCH',
      path: `${paths.daemonSets}/edge-services`,
      body: {
        spec: {
          template: {
            spec: { containers: [{ name: 'kube-vip', env: [{ name: 'lb_class_only', value: 'false' }] }] },
          },
        },
      },
      type: 'strategic',
    });
    await until('lb_class_only to be put back', async () => {
      const { spec } = await live('edge-services');
      const rows = spec?.template.spec?.containers[0]?.env ?? [];
      return rows.find(({ name }) => name === 'lb_class_only')?.value === 'true';
    });
    await cluster.admin.expect({ method: 'DELETE', path: `${paths.daemonSets}/edge-control-plane` });
    await until(
      'the control plane to be made again',
      async () => (await cluster.daemonSet('edge-control-plane'))?.metadata?.uid !== undefined,
    );
    const again = await Promise.all(names.map(live));
    expect(again.map((object) => image(object).includes(':v1.1.2@'))).toEqual([true, true]);
    expect(again[0]?.metadata?.uid).not.toBe(before[0]?.metadata?.uid);
  });

  it('an override lets the edit pass, and is said', async () => {
    await cluster.admin.expect({
      method: 'PATCH',
      path: `${paths.configs}/edge`,
      body: { metadata: { annotations: { [annotations.override]: 'pod-security-rejects' } } },
      type: 'merge',
    });
    await untilCondition('Overridden', 'True CheckOverridden');
    const isEdited = async (): Promise<boolean> =>
      (await Promise.all(names.map(live))).every((object) => image(object).includes(':v1.0.4@'));
    await expect(until('the edit to be applied', isEdited)).resolves.toBe(true);
  });
});
