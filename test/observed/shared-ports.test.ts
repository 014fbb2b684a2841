// Two DaemonSets with one metrics port on the same nodes: one of them cannot start its metrics.
import { describe, expect, it } from '@jest/globals';
import { toText } from '../../src/api/words.ts';
import type { V1DaemonSet } from '@kubernetes/client-node';
import { applied, daemonSet, freshSnapshot, kubeVipConfig, rendering, snapshot } from '../builders.ts';
import { set } from '../plan/field-owners.ts';
import { everyPortTaken } from './ports-taken.ts';
import { outline } from '../pass.ts';

const container = ['spec', 'template', 'spec', 'containers', '0'];
const onPort = (object: V1DaemonSet, port: number): V1DaemonSet => {
  const env = object.spec?.template.spec?.containers[0]?.env?.map((row) =>
    row.name === 'prometheus_server' ? { ...row, value: `:${port}` } : row,
  );
  const ports = [{ name: 'metrics', containerPort: port, hostPort: port, protocol: 'TCP' }];
  return set(set(object, [...container, 'ports'], ports), [...container, 'env'], env);
};

const portsIn = (object: V1DaemonSet): readonly unknown[] =>
  (object.spec?.template.spec?.containers ?? []).flatMap(({ ports = [], env = [] }) => [
    ...ports.map(({ containerPort }) => containerPort),
    ...env.filter(({ name }) => name === 'prometheus_server').map(({ value }) => value),
  ]);

const [edge, other] = [kubeVipConfig(), kubeVipConfig({ name: 'other', spec: { controlPlane: undefined } })];

describe('one metrics port for two DaemonSets', () => {
  const mine = daemonSet({ component: 'services' });
  const edited = onPort(daemonSet(), 29101);

  it('is kept by the one that was rendered with it, and the edited one gets its own back', () => {
    const { steps, desired } = outline(snapshot({ daemonSets: [edited, mine] }));
    expect(desired.map(portsIn)).toEqual([
      [29100, ':29100'],
      [29101, ':29101'],
    ]);
    expect(steps).toMatchObject([
      { kind: 'apply', why: 'drifted', object: { metadata: { name: 'edge-control-plane' } } },
    ]);
  });

  it('is told apart between two configs as well', () => {
    const theirs = rendering(other).map((row) => onPort(applied(row), 29101));
    const world = { configs: [edge, other], daemonSets: [daemonSet(), mine, ...theirs] };
    expect(outline(snapshot({ ...world, config: edge })).steps).toEqual([]);
    expect(outline(snapshot({ ...world, config: other })).desired.map(portsIn)).toEqual([[29102, ':29102']]);
  });
});

it('says so in words when no port is left, and leaves alone what runs', () => {
  const { rejection, ...rest } = outline(freshSnapshot({ daemonSets: everyPortTaken }));
  expect([rest, rejection?.reason, rejection && toText(rejection)]).toEqual([
    { steps: [], desired: [] },
    'MetricsPortsExhausted',
    'No metrics port is free. Expected one from 29100 to 29899 for each DaemonSet, found every one taken. Delete a KubeVipConfig that is not needed.',
  ]);
});
