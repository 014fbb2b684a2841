// More DaemonSets than ports for metrics, on a real API server: 800 of them, as 400 configs with both functions have.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { V1DaemonSet } from '@kubernetes/client-node';
import { labels } from '../../../src/api/metadata.ts';
import { metricsPorts } from '../../../src/observed/metrics-ports.ts';
import { conditionsOf, messageOf } from '../builders.ts';
import { namespace, paths } from '../cluster.ts';
import { settled, until } from '../until.ts';
import { addressOf, store, type Stored } from './seed.ts';
import { address, print, startFaultStage, type FaultStage } from './stage.ts';

jest.setTimeout(40_000);

const { first, last } = metricsPorts;
const head = 'No metrics port is free';
const next = 'Delete a KubeVipConfig that is not needed.';

let stage: FaultStage;

/** A DaemonSet of another config, like one that is there but for its port and address. */
function copyWithPort({ spec }: V1DaemonSet, port: number): Stored {
  const config = `other-${port}`;
  const text = JSON.stringify(spec)
    .replaceAll(String(first), String(port))
    .replaceAll('edge', config)
    .replaceAll(address(100), addressOf(port));
  const metadata = {
    name: `${config}-services`,
    namespace,
    uid: randomUUID(),
    creationTimestamp: '2026-11-24T12:00:00Z',
    generation: 1,
    labels: { [labels.config]: config },
  };
  const object = { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, spec: JSON.parse(text) as object };
  return [`daemonsets/${namespace}/${metadata.name}`, object];
}

async function portOf(config: string): Promise<number | undefined> {
  const { spec } = (await stage.daemonSet(`${config}-control-plane`)) ?? {};
  return spec?.template.spec?.containers[0]?.ports?.find(({ name }) => name === 'metrics')?.containerPort;
}

const accepted = async (name: string) => conditionsOf(await stage.config(name))['Accepted'];

beforeAll(async () => {
  stage = await startFaultStage();
  await stage.create('edge', 100);
  await stage.untilRuns('edge-control-plane');
  const mine = await stage.daemonSet('edge-control-plane');
  await stage.operator().stop();
  const ports = Array.from({ length: last - first }, (_, index) => first + 1 + index);
  await store(
    stage,
    ports.map((port) => copyWithPort(mine as V1DaemonSet, port)),
  );
  await stage.start();
}, 60_000);

afterAll(() => stage?.stop());

it('a config for which no port is left is not accepted, in sentences that say what to do', async () => {
  await stage.create('late', 101);
  const refused = 'False MetricsPortsExhausted';
  expect(await settled(() => accepted('late'), refused, 10_000)).toBe(refused);
  const shown = await stage.api.kubectl('get', 'kvc', 'late', '--no-headers');
  print(`kubectl get kvc late: ${shown.trim()}`);
  expect(shown).toContain(head);
  expect(messageOf(await stage.config('late'), 'Accepted')).toBe(
    `${head}. Expected one from 29100 to 29899 for each DaemonSet, found every one taken. ${next}`,
  );
  expect(await stage.daemonSet('late-control-plane')).toBeUndefined();
  const said = await stage.api.kubectl('get', 'events', '-o', 'jsonpath={.items[*].message}');
  expect(said).toContain(`${head}. ${next}`);
});

it('what runs keeps its port, also when somebody deletes it', async () => {
  expect(await accepted('edge')).toBe('True Accepted');
  await stage.admin.expect({ method: 'DELETE', path: `${paths.daemonSets}/edge-control-plane` });
  expect(await settled(() => portOf('edge'), first, 10_000)).toBe(first);
  expect(await accepted('late')).toBe('False MetricsPortsExhausted');
});

it('as soon as a port is free, the config runs on it', async () => {
  const free = first + 400;
  const from = Date.now();
  await stage.admin.expect({ method: 'DELETE', path: `${paths.daemonSets}/other-${free}-services` });
  await until('it to run', async () => (await portOf('late')) !== undefined, 10_000);
  print(`a port became free: its config runs after ${Date.now() - from} ms`);
  expect(await portOf('late')).toBe(free);
  expect(await settled(() => accepted('late'), 'True Accepted')).toBe('True Accepted');
});
