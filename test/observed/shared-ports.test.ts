// Two DaemonSets with one metrics port on the same nodes: one of them cannot start its metrics.
import { describe, expect, it } from '@jest/globals';
import { toText } from '../../src/api/words.ts';
import type { V1DaemonSet } from '@kubernetes/client-node';
import type { KubeVipConfig } from '../../src/api/types.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { applied, daemonSet, freshSnapshot, kubeVipConfig, rendering, snapshot } from '../builders.ts';
import { set } from '../plan/field-owners.ts';
import { everyPortTaken } from './ports-taken.ts';
import { outline } from '../pass.ts';
import { recorded } from '../recorded.ts';

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

describe('one metrics port that two KubeVipConfigs were rendered with, as after a restore', () => {
  const withoutServices = { services: undefined };
  const late = { creationTimestamp: '2026-11-24T11:00:00Z' };
  const [old, young] = [
    kubeVipConfig({ spec: withoutServices }),
    kubeVipConfig({
      name: 'other',
      metadata: late,
      spec: { ...withoutServices, controlPlane: { addresses: ['203.0.113.101'] } },
    }),
  ];
  const refused = {
    ...old,
    status: {
      conditions: [
        { type: 'Accepted', status: 'False', reason: 'AddressConflict', message: '', lastTransitionTime: '' },
      ],
    },
  } as KubeVipConfig;
  const live = [old, young].flatMap((config) => rendering(config).map((row) => applied(row)));
  const records = [old, young].map((config) => recorded({ config }));
  const portsOf = (config: KubeVipConfig, world: Partial<Snapshot>) =>
    outline(snapshot({ configs: [old, young], config, daemonSets: live, recorded: records, ...world }));

  it.each<[string, Partial<Snapshot>]>([
    ['where both were recorded', {}],
    ['where an earlier operator recorded nothing', { recorded: [] }],
    ['where a person deleted the DaemonSet of the older', { daemonSets: live.slice(1) }],
    [
      'where a person edited the port of the older',
      { daemonSets: [onPort(live[0] ?? {}, 29107), live[1] ?? {}] },
    ],
  ])('is kept by the older, and the younger gets another: %s', (_, world) => {
    expect(portsOf(old, world).desired.map(portsIn)).toEqual([[29100, ':29100']]);
    const { steps, desired } = portsOf(young, world);
    expect(desired.map(portsIn)).toEqual([[29101, ':29101']]);
    expect(steps).toMatchObject([{ kind: 'apply', why: 'changed' }]);
  });

  it('is kept by the one that is accepted', () => {
    const configs = [refused, young];
    expect(portsOf(young, { configs }).steps).toEqual([]);
    expect(portsOf(refused, { configs }).desired.map(portsIn)).toEqual([[29101, ':29101']]);
  });

  it('is no reason to change anything while the other leaves', () => {
    const leaving = { ...old, metadata: { ...old.metadata, deletionTimestamp: '2026-11-24T11:59:00Z' } };
    expect(portsOf(young, { configs: [leaving, young] }).steps).toEqual([]);
  });

  it('is not given to a new config while a person has edited it away', () => {
    const edited = [onPort(live[0] ?? {}, 29107)];
    const world = { daemonSets: edited, recorded: records.slice(0, 1) };
    expect(portsOf(young, world).desired.map(portsIn)).toEqual([[29101, ':29101']]);
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
