// When nodes are asked, how long anything waits for them, and that nothing is asked twice.
import { describe, expect, it } from '@jest/globals';
import type { V1DaemonSet } from '@kubernetes/client-node';
import { runOfProbe } from '../../src/observed/node-answers.ts';
import { planProbes as planProbesOf } from '../../src/plan/node-probes.ts';
import type { Probing } from '../../src/steps/step.ts';
import { requestHash } from '../../src/preflight/nodes/probe-run.ts';
import type { NodeFinding, Snapshot } from '../../src/observed/snapshot.ts';
import { daemonSet, freshSnapshot, kubeVipConfig, now, nowText, pod, snapshot } from '../builders.ts';
import { subjectOf, askedConfig, askedSnapshot, image, remembered, type Asked } from '../node-world.ts';

import { decided, observed, reportOf } from '../pass.ts';

const planProbes = (world: Snapshot): Probing => planProbesOf(observed(world), reportOf(world).nodes);

const config = askedConfig();
const required = askedConfig({ preflight: { nodeProbe: 'Required' } });
const finding: NodeFinding = { check: 'ports-are-free', object: 'Node/n1', expected: 'a', found: 'b' };
const silent = { n1: null, n2: {} };

function sayPlan({ steps, probing }: ReturnType<typeof decided>): readonly string[] {
  return [...steps, ...probing.steps].map((step) =>
    'object' in step ? `${step.kind} ${step.object.metadata?.name}` : step.kind,
  );
}

const live = (world: Snapshot): V1DaemonSet =>
  world.daemonSets.find(({ metadata }) => metadata?.name?.endsWith('-probe')) as V1DaemonSet;
const stopping = (world: Snapshot): Snapshot => ({
  ...world,
  daemonSets: world.daemonSets.map((row) =>
    row === live(world)
      ? { ...row, metadata: { ...row.metadata, deletionTimestamp: nowText as unknown as Date } }
      : row,
  ),
});

describe('the nodes', () => {
  it.each<[string, Snapshot, readonly string[]]>([
    [
      'are asked before anything is applied',
      freshSnapshot({ config, probeImage: image }),
      ['apply edge-control-plane-probe'],
    ],
    ['are waited for', askedSnapshot({ reports: silent }), []],
    [
      'are waited for no longer than 20 s',
      askedSnapshot({ reports: silent, age: 20 }),
      ['apply edge-control-plane'],
    ],
    [
      'are asked anew when the clock was set back meanwhile',
      askedSnapshot({ reports: silent, age: -3600 }),
      ['delete edge-control-plane-probe'],
    ],
    [
      'are waited for when they are Required, until they are given up',
      askedSnapshot({ config: required, reports: silent, age: 59 }),
      [],
    ],
    [
      'hold everything back when they are Required and said nothing',
      askedSnapshot({ config: required, reports: silent, age: 90 }),
      [],
    ],
    ['have all answered: the function is applied', askedSnapshot(), ['apply edge-control-plane']],
    [
      'found the address taken: nothing is applied',
      askedSnapshot({ reports: { n1: { bound: ['203.0.113.100'] }, n2: null } }),
      [],
    ],
    [
      'cannot be asked without a controller: 5 s are enough',
      askedSnapshot({ desired: undefined, reports: {}, age: 5 }),
      ['apply edge-control-plane'],
    ],
    [
      'cannot be asked without an image: nothing waits',
      freshSnapshot({ config }),
      ['apply edge-control-plane'],
    ],
    ['cannot be asked without an image, but are Required', freshSnapshot({ config: required }), []],
    [
      'are not asked when that is Off',
      freshSnapshot({ config: kubeVipConfig({ spec: { services: undefined } }), probeImage: image }),
      ['apply edge-control-plane'],
    ],
    [
      'are let go when what they said is remembered',
      {
        ...askedSnapshot({ run: remembered() }),
        daemonSets: [daemonSet({ config }), live(askedSnapshot({ run: remembered() }))],
      },
      ['delete edge-control-plane-probe'],
    ],
    ['are not let go twice', stopping(askedSnapshot({ run: remembered() })), ['apply edge-control-plane']],
    [
      'are let go when the probe is of another run',
      { ...askedSnapshot(), probeRuns: [remembered({ started: { at: now }, finished: undefined as never })] },
      ['delete edge-control-plane-probe'],
    ],
    [
      'are let go when their function is no longer asked for',
      {
        ...askedSnapshot(),
        config: askedConfig({
          controlPlane: undefined as never,
          services: {},
          preflight: { nodeProbe: 'Off' },
        }),
      },
      ['apply edge-services', 'delete edge-control-plane-probe'],
    ],
    [
      'are let go when the config is suspended',
      askedSnapshot({ config: askedConfig({ suspend: true }) }),
      ['delete edge-control-plane-probe'],
    ],
    [
      'are let go when the config is deleted',
      {
        ...askedSnapshot(),
        config: kubeVipConfig({ metadata: { deletionTimestamp: nowText }, spec: { services: undefined } }),
      },
      ['remove-finalizer', 'delete edge-control-plane-probe'],
    ],
    [
      'are let alone when a stranger has the name',
      {
        ...freshSnapshot({ config, probeImage: image }),
        daemonSets: [{ metadata: { name: 'edge-control-plane-probe', ownerReferences: [] } }],
        probeRuns: [remembered()],
      },
      ['apply edge-control-plane'],
    ],
  ])('%s', (_, world, expected) => {
    expect(sayPlan(decided(world))).toEqual(expected);
  });
});

describe('what runs already', () => {
  const running = (over: Partial<Snapshot> = {}): Snapshot =>
    snapshot({
      config,
      daemonSets: [daemonSet({ config })],
      probeImage: image,
      probeRuns: [remembered()],
      ...over,
    });
  const young = { metadata: { name: 'n3', creationTimestamp: '2026-11-24T11:59:00Z' as unknown as Date } };

  it.each<[string, Snapshot, boolean]>([
    ['is not asked about again', running(), false],
    ['is asked about when nobody ever was', running({ probeRuns: [] }), true],
    [
      'is asked about when another thing is to be asked',
      running({ probeRuns: [remembered({ request: 'x' })] }),
      true,
    ],
    [
      'is asked about again a minute after something was found',
      running({ probeRuns: [remembered({ findings: [finding] })] }),
      true,
    ],
    [
      'is not asked about again before that',
      running({
        probeRuns: [remembered({ findings: [finding], finished: { at: now - 59_000, text: nowText } })],
      }),
      false,
    ],
    [
      'is asked about the more rarely the more nodes there are',
      running({ probeRuns: [remembered({ findings: [finding], asked: 5000 })] }),
      false,
    ],
    ['is asked about when a node has joined', running({ nodes: [young] }), true],
    [
      'is not asked about for a node that it does not run on',
      running({ nodes: [young], pods: [pod()] }),
      false,
    ],
    [
      'is asked about when it runs on more nodes',
      running({ daemonSets: [daemonSet({ config, desired: 4 })] }),
      true,
    ],
  ])('%s', (_, world, isAsked) => {
    expect(planProbes(world).isAsking).toBe(isAsked);
    expect(sayPlan(decided(world))).toEqual(isAsked ? ['apply edge-control-plane-probe'] : []);
  });

  it('is repaired while the same is asked again', () => {
    const world = running({
      daemonSets: [],
      nodes: [young],
      probeRuns: [remembered({ findings: [finding] })],
    });
    expect([...reportOf(world).nodes.values()].some(({ holdsBack }) => holdsBack)).toBe(false);
    expect(sayPlan(decided(world))).toEqual(['apply edge-control-plane', 'apply edge-control-plane-probe']);
  });

  it('keeps what is known until the new answers are complete', () => {
    const asked: Asked = { run: remembered({ started: { at: now - 4000, text: 'x' }, findings: [finding] }) };
    const open = askedSnapshot({ ...asked, reports: silent });
    expect(reportOf(open).nodes.get('control-plane')?.findings).toEqual([finding]);
    expect(reportOf(askedSnapshot(asked)).nodes.get('control-plane')?.findings).toEqual([]);
  });
});

describe('the request', () => {
  const hash = (spec: object): string => requestHash(subjectOf(freshSnapshot({ config: askedConfig(spec) })));

  it.each<[string, object, boolean]>([
    ['is another for another address', { controlPlane: { addresses: ['203.0.113.101'] } }, true],
    [
      'is another for another interface',
      { controlPlane: { addresses: ['203.0.113.100'], interface: 'eth1' } },
      true,
    ],
    [
      'is another for other nodes',
      { controlPlane: { addresses: ['203.0.113.100'], nodeSelector: { a: 'b' } } },
      true,
    ],
    ['is the same for another release', { version: 'v1.0.4' }, false],
    ['is another for one that leads under the host name', { version: 'v0.6.4' }, true],
    ['is the same for other timings', { arp: { announceIntervalSeconds: 9 } }, false],
  ])('%s', (_, spec, isOther) => {
    expect(hash(spec) !== hash({})).toBe(isOther);
  });

  it('is that of a new run when the clock was set back, and no other after that', () => {
    const stateOf = (world: Snapshot) => reportOf(world).nodes.get('control-plane');
    const world = askedSnapshot({ reports: silent, age: -3600 });
    const run = stateOf(world)?.run;
    expect(run?.started.at).toBe(now);
    expect(stateOf({ ...world, now: now + 2000, probeRuns: run ? [run] : [] })?.run).toEqual(run);
  });

  it('names its run as long as the run lasts', () => {
    const world = askedSnapshot({ reports: silent });
    const [step] = planProbes({ ...world, daemonSets: [] }).steps;
    expect(step && 'object' in step && runOfProbe(step.object)).toBe(runOfProbe(live(world)));
  });
});
