// The default placement of Services changed: they kept off every node with the label of the control plane. What an operator
// of that time applied stays where it is.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { V1DaemonSet } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { annotations } from '../../src/api/metadata.ts';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { leavesOutControlPlane } from '../../src/observed/daemon-set.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { newerRenderingsOf, stepsOf } from '../../src/plan/plan.ts';
import { replacedOnDelete } from '../../src/render/daemon-set.ts';
import { renderingWaits } from '../../src/status/rendering-waits.ts';
import { applied, nowText, snapshot } from '../builders.ts';
import { node } from '../cluster-builders.ts';
import { formerRendering } from '../former-default.ts';
import { decide, observed } from '../pass.ts';
import { recorded } from '../recorded.ts';
import { say } from './applied-before.ts';
import { set } from './field-owners.ts';

const read = (): KubeVipConfig =>
  parse(readFileSync(new URL('../../config/samples/arp.yaml', import.meta.url), 'utf8')) as KubeVipConfig;

/** The sample that was rendered, in the cluster. */
function sample(overrides: { generation?: number; version?: string; taken?: string } = {}): KubeVipConfig {
  const { generation = 1, taken } = overrides;
  const config = read();
  const { version = config.spec.version } = overrides;
  return {
    ...config,
    metadata: {
      ...config.metadata,
      uid: '00000000-0000-0000-0000-000000000000',
      generation,
      finalizers: ['kubevip.dev/operands'],
      ...(taken && { annotations: { [annotations.takeRendering]: taken } }),
    },
    spec: { ...config.spec, version, preflight: { nodeProbe: 'Off' } },
    status: {
      observedGeneration: 1,
      conditions: [
        { type: 'Programmed', status: 'True', reason: 'Applied', message: '', lastTransitionTime: nowText },
      ],
    },
  };
}

// An operator of today has taken their strategy over, see upgrade.test.ts.
const taken = formerRendering.map(replacedOnDelete);
const runs = taken.map((object) => applied(object));
const records = taken.map((object) => recorded({ object, config: sample() }));
/** Three servers of k3s: no taint, and no other node. */
const nodes = ['n1', 'n2', 'n3'].map((name) => node({ name, taints: [] }));
const world = (overrides: Partial<Snapshot> = {}): Snapshot =>
  snapshot({ config: sample(), daemonSets: runs, recorded: records, nodes, ...overrides });

describe('what an operator with the former default applied', () => {
  it('kept off every node with the label of the control plane', () => {
    expect(formerRendering.map(leavesOutControlPlane)).toEqual([false, true]);
  });

  it.each<[string, Snapshot]>([
    ['where it was recorded', world()],
    ['where that operator recorded nothing', world({ recorded: [] })],
  ])('stays as it is %s, and the rendering of Services waits', (_, of) => {
    const plan = decide(of);
    expect(stepsOf(plan)).toEqual([]);
    expect(newerRenderingsOf(plan).map(({ component, path }) => [component, path])).toEqual([
      ['services', 'spec.template.spec.affinity'],
    ]);
    const said = renderingWaits(observed(of), plan);
    expect(said).toMatchObject({
      head: 'This operator renders DaemonSet edge-services otherwise than what runs',
      detail: 'What runs is kept as it was applied (edge-services: spec.template.spec.affinity).',
    });
  });

  it('is put back as it was, not as it would be today', () => {
    const [controlPlane, services] = runs as [V1DaemonSet, V1DaemonSet];
    const wrong = set(services, ['spec', 'template', 'spec', 'hostNetwork'], false);
    const [step] = stepsOf(decide(world({ daemonSets: [controlPlane, wrong] })));
    expect(step).toMatchObject({ kind: 'apply', why: 'drifted' });
    expect(step && 'object' in step && leavesOutControlPlane(step.object)).toBe(true);
  });

  const [newer] = newerRenderingsOf(decide(world()));

  it.each<[string, KubeVipConfig, readonly string[]]>([
    ['a person takes it', sample({ taken: newer?.hash ?? '' }), ['apply edge-services changed']],
    [
      'the spec is edited, which restarts it anyway',
      sample({ generation: 2, version: 'v1.0.4' }),
      ['apply edge-control-plane changed', 'apply edge-services changed'],
    ],
  ])('gets the default of today when %s', (_, config, expected) => {
    const of = world({ config, pods: [] });
    expect(say(of)).toEqual(expected);
    const [step] = stepsOf(decide(of)).filter(
      (row) => 'object' in row && row.object.metadata?.name === 'edge-services',
    );
    expect(step && 'object' in step && leavesOutControlPlane(step.object)).toBe(false);
  });
});
