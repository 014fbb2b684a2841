// The nodes as a second proof about an address that leaves.
import { describe, expect, it } from '@jest/globals';
import { nodeReport, image, type Said } from '../../node-world.ts';
import { daemonSet, kubeVipConfig, lease, nowText } from '../../builders.ts';
import type { DialState, ProbePod, Snapshot } from '../../../src/observed/snapshot.ts';
import { runOfProbe } from '../../../src/observed/node-answers.ts';
import { applied } from '../../builders.ts';
import { abandoning, ended, heard, parking } from '../../plan/deleting.ts';
import { decided } from '../../pass.ts';

const vip = '203.0.113.100';
const config = kubeVipConfig({
  metadata: { deletionTimestamp: nowText },
  spec: { services: undefined, preflight: { nodeProbe: 'BestEffort' } },
});
const givenUp = kubeVipConfig({
  ...config,
  metadata: { ...config.metadata, annotations: { 'kubevip.dev/abandon': vip } },
});
const loud: DialState = heard({ stage: 'ended', answer: 'answers', quietMs: undefined });
const quiet = (quietMs = 5000): DialState => heard({ stage: 'ended', answer: 'silent', quietMs });
const unjudged: DialState = heard({ stage: 'ended', answer: 'unreferenced', quietMs: undefined });
const gone: DialState = heard({ stage: 'ended' });
const left = (row: DialState, overrides: Partial<Snapshot> = {}): Snapshot =>
  ended({ config, probeImage: image, heard: [row], ...overrides });

const probeOf = (world: Snapshot) => {
  const [step] = decided(world).probing?.steps ?? [];
  return step?.kind === 'apply' ? step.object : undefined;
};

/** The world after its nodes were asked; null: that node has said nothing. */
function asked(world: Snapshot, reports: Readonly<Record<string, Said | null>>, desired = 2): Snapshot {
  const made = probeOf(world);
  if (made === undefined) {
    throw new Error('nobody is asked');
  }
  const run = runOfProbe(made) ?? '';
  const probePods = Object.entries(reports).map(([node, report]): ProbePod => ({
    component: 'control-plane',
    node,
    messages: report ? [JSON.stringify(nodeReport(node, run, report))] : [],
    boundAt: undefined,
    takenOnAt: undefined,
    trouble: '',
  }));
  return { ...world, daemonSets: [...world.daemonSets, applied(made, { desired })], probePods };
}

const say = (world: Snapshot): readonly string[] => {
  const { steps, probing, waitingFor = '' } = decided(world);
  const all = [...steps, ...(probing?.steps ?? [])].map((step) =>
    [step.kind, 'object' in step ? step.object.metadata?.name : ''].join(' ').trim(),
  );
  return [...all, waitingFor];
};

const places = [{ address: vip, interface: 'eth0', cidr: `${vip}/32` }];
const has: Said = { bound: [vip], places };
const done = ['delete-lease', 'remove-finalizer'];
const away = 'delete edge-control-plane-probe';
const ask = 'apply edge-control-plane-probe';
const cannotJudge = `a look at ${vip}:6443 (cannot judge: no other machine of its network answers the operator)`;
const named = `${vip}:6443 to go (it still answers, node n2 has ${vip} on eth0)`;

describe('the nodes', () => {
  it.each<[string, Snapshot, readonly string[]]>([
    ['are asked while somebody answers', left(loud), [ask, `${vip}:6443 to go (it still answers)`]],
    ['are asked while it is silent', left(quiet()), [ask, `a minute of silence at ${vip}:6443`]],
    ['are asked while that cannot be judged', left(unjudged), [ask, cannotJudge]],
    ['need not be asked when the network says that nobody has it', left(gone), [...done, '']],
    ['are not asked before the network was', left(loud, { heard: [] }), [`a look at ${vip}:6443`]],
    [
      'are not asked without an image',
      left(loud, { probeImage: undefined }),
      [`${vip}:6443 to go (it still answers)`],
    ],
    [
      'are not asked when that is Off',
      left(loud, { config: abandoning('') }),
      [`${vip}:6443 to go (it still answers)`],
    ],
    [
      'are asked before the pods go, too',
      parking(15, { config, probeImage: image, heard: [heard({ answer: 'answers', quietMs: undefined })] }),
      [ask, `${vip}:6443 to go (it still answers), DaemonSet edge-control-plane`],
    ],
    ['are waited for', asked(left(loud), { n1: null, n2: null }), [`${vip}:6443 to go (it still answers)`]],
    ['name the one that has it', asked(left(loud), { n1: {}, n2: has }), [named]],
    [
      'name the one that has it without knowing where',
      asked(left(loud), { n1: {}, n2: { bound: [vip] } }),
      [`${vip}:6443 to go (it still answers, node n2 has ${vip})`],
    ],
    [
      'are not proof while somebody answers',
      asked(left(loud), { n1: {}, n2: {} }),
      [`${vip}:6443 to go (it still answers)`],
    ],
    [
      'make a minute of silence needless when none has it',
      asked(left(quiet()), { n1: {}, n2: {} }),
      [...done, away, ''],
    ],
    [
      'are not proof where the network cannot be asked',
      asked(left(unjudged), { n1: {}, n2: {} }),
      [cannotJudge],
    ],
    [
      'name the one that has it where the network cannot be asked',
      asked(left(unjudged), { n1: {}, n2: has }),
      [`${vip}:6443 to go (nothing answers there, node n2 has ${vip} on eth0)`],
    ],
    [
      'need not be asked anew when silence counts again',
      { ...asked(left(unjudged), { n1: {}, n2: {} }), heard: [quiet()] },
      [...done, away, ''],
    ],
    [
      'do not when one has said nothing',
      asked(left(quiet()), { n1: {}, n2: null }),
      [`a minute of silence at ${vip}:6443`],
    ],
    [
      'do not when no controller has counted them',
      asked(left(quiet()), {}, 0),
      [`a minute of silence at ${vip}:6443`],
    ],
    [
      'keep it open when one has it, after the minute, too',
      { ...asked(left(quiet()), { n1: {}, n2: has }), heard: [quiet(61_000)] },
      [`${vip}:6443 to go (nothing answers there, node n2 has ${vip} on eth0)`],
    ],
    [
      'are not heard against a person who gives it up',
      { ...asked(left(loud), { n2: has }), config: givenUp },
      [...done, away, ''],
    ],
  ])('%s', (_, world, expected) => {
    expect(say(world)).toEqual(expected);
  });

  it('are asked anew when the network says something else: what they said before is old', () => {
    const before = asked(left(loud), { n1: {}, n2: has });
    expect(say({ ...before, heard: [quiet()] })).toEqual([away, `a minute of silence at ${vip}:6443`]);
    expect(say({ ...before, heard: [gone] })).toEqual([...done, away, '']);
  });

  it('are told what to do about', () => {
    expect(decided(asked(left(loud), { n1: {}, n2: has })).todo).toContain(
      `take it off on n2: ip address del ${vip}/32 dev eth0.`,
    );
  });

  it('say nothing of the addresses of Services, which others may have', () => {
    const service: DialState = { ...quiet(), address: '203.0.113.110', port: 10_250 };
    const leases = [lease(), lease({ name: 'edge-services' })];
    expect(decided(left(service, { leases })).probing).toEqual({ steps: [], isAsking: false });
  });

  it('are asked about a second owner in the same way', () => {
    const older = kubeVipConfig({ name: 'older', metadata: { creationTimestamp: '2026-11-24T09:00:00Z' } });
    const second = kubeVipConfig({ spec: config.spec });
    const world = parking(15, {
      config: second,
      configs: [older, second],
      daemonSets: [daemonSet({ config: older }), daemonSet({ config: second })],
      probeImage: image,
      heard: [],
    });
    expect(decided(world).probing).toEqual({ steps: [], isAsking: false });
  });
});
