// What rests may be left alone until something happens: at any later time, with its Leases renewed, the same is decided and said.
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { KubeVipConfigStatus } from '../../src/api/types.ts';
import type { ProbeRun, Snapshot } from '../../src/observed/snapshot.ts';
import { contentMark } from '../../src/observed/daemon-set.ts';
import { requestHash } from '../../src/preflight/nodes/probe-run.ts';
import { decide } from '../../src/plan/decide.ts';
import { computeStatus } from '../../src/status/status.ts';
import { restSeconds, unrests, type RestInput } from '../../src/status/rest.ts';
import { daemonSet, lease, nodeNames, now, nowText, snapshot } from '../builders.ts';
import { node } from '../cluster-builders.ts';
import { withContainer } from '../modes/arp/former-cases.ts';
import { askedConfig, image, subjectOf } from '../node-world.ts';
import { observed, reportOf } from '../pass.ts';
import { recorded } from '../recorded.ts';
import { heardBy, owner } from '../witness-world.ts';
import { laterHeard, witnesses } from './random-witnesses.ts';
import { remembered } from './remembered.ts';

const config = askedConfig();

const moment = (secondsAgo: number) => ({
  at: now - secondsAgo * 1000,
  text: new Date(now - secondsAgo * 1000).toISOString().replace('.000', ''),
});

/** The nodes have been asked, a while ago. */
const answered = (overrides: Partial<ProbeRun> = {}): ProbeRun => ({
  component: 'control-plane',
  request: requestHash(subjectOf(snapshot({ config }))),
  started: moment(604),
  finished: moment(600),
  asked: 3,
  answered: 3,
  findings: [],
  ...overrides,
});

/** A control plane that runs on three nodes and is held by n1, after a pass has said so. */
function calm(overrides: Partial<Snapshot> = {}): Snapshot {
  const world = snapshot({
    config,
    daemonSets: [daemonSet({ config })],
    pods: nodeNames.map((name) => withContainer(name, `${name}-a`)),
    nodes: nodeNames.map((name, index) => node({ name, address: `203.0.113.1${index}` })),
    recorded: [recorded({ config })],
    probeImage: image,
    probeRuns: [answered()],
    ...overrides,
  });
  const { status } = inputOf(world);
  return { ...remembered(world, status), ...overrides, config: { ...world.config, status } };
}

/** What one pass comes to. */
function inputOf(world: Snapshot): RestInput {
  const report = reportOf(world);
  const plan = decide(observed(world), report);
  const time = new Date(world.now).toISOString().replace(/\.\d+Z$/, 'Z');
  const { status } = computeStatus({
    observed: observed(world),
    report,
    plan,
    acted: { kind: 'done' },
    now: time,
  });
  return { observed: observed(world), report, plan, status };
}

const restOf = (world: Snapshot): number | undefined => restSeconds(inputOf(world));

const found = { check: 'port-is-free', object: 'Node/n1', expected: 'a', found: 'b' };

const [set] = [daemonSet({ config })];
const answer = (secondsAgo: number): Snapshot['answers'] => ({
  'edge-control-plane': {
    at: now - secondsAgo * 1000,
    by: 'apply',
    asked: 'x',
    answered: contentMark(set),
  },
});
const former = { component: 'control-plane', node: 'n2', container: 'n2-a', since: moment(900) } as const;

describe('a KubeVipConfig rests', () => {
  it.each<[string, Snapshot, number | undefined]>([
    ['until something happens, when all is well', calm(), 600],
    ['also when its last write is a while ago', calm({ answers: answer(61) }), 600],
    [
      'until its nodes are asked again',
      calm({ probeRuns: [answered({ findings: [found], finished: moment(20) })] }),
      40,
    ],
    ['no more when its nodes are asked', calm({ probeRuns: [answered({ findings: [found] })] }), undefined],
  ])('%s', (_, world, expected) => {
    expect(restOf(world)).toBe(expected);
  });
});

const cases: Readonly<Record<string, Snapshot>> = {
  'what is not as it should be: some of that is given time, and some becomes overdue': calm({
    leases: [lease({ ageSeconds: 16 })],
  }),
  'what is being written, taken away, held back or refused': calm({
    daemonSets: [daemonSet({ config, metadata: { labels: {} } })],
  }),
  'nodes that are being asked': calm({ probeRuns: [] }),
  'a write that is not made again for a while, because it had no effect': calm({ answers: answer(59) }),
  'a former holder that was not seen to let go': calm({ formerHolders: [former] }),
  'a container that has yet to prove that it stays': calm({
    restarts: { 'edge-control-plane-n3': { at: now - 20_000, ranMs: 100 } },
  }),
  'a holder whose next renewal tells in which container it leads': calm({
    pods: nodeNames.map((name) =>
      withContainer(name, `${name}-a`, { running: { startedAt: nowText as unknown as Date } }),
    ),
  }),
  'owners of an address of which it is not certain yet what they mean': calm({
    witness: heardBy('n1', owner('n2', { sinceMs: 100 })),
  }),
  'an address that nothing claims any more, and that kube-vip may still take off': calm({
    witness: { ...heardBy('n1'), former: [{ address: '203.0.113.70', sinceMs: 9000 }] },
  }),
  'a status that an older CRD does not store whole, and that is written again': calm({
    unstored: ['status.summary'],
  }),
};

describe('a KubeVipConfig is looked at again and again because of', () => {
  it('each of these', () => {
    expect(unrests.map(({ what }) => what)).toEqual(Object.keys(cases));
  });

  it.each(Object.entries(cases))('%s', (what, world) => {
    expect(restOf(world)).toBeUndefined();
    expect(unrests.filter(({ applies }) => applies(inputOf(world))).map((row) => row.what)).toContain(what);
  });
});

const mostly = <T>(usual: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });
const ages = fc.integer({ min: 0, max: 900 });

/** Everything that a pass may find at a moment, and most of it as it should be. */
const worlds: fc.Arbitrary<Snapshot> = fc
  .record({
    leases: mostly(
      [lease()],
      fc
        .record({ ageSeconds: fc.nat(20), holder: fc.constantFrom('n1', 'n2', '') })
        .map((row) => [lease(row)]),
    ),
    restarts: mostly<Snapshot['restarts']>(
      {},
      fc
        .tuple(ages, fc.integer({ min: 1, max: 90_000 }))
        .map(([age, ranMs]) => ({ 'edge-control-plane-n3': { at: now - age * 1000, ranMs } })),
    ),
    answers: mostly<Snapshot['answers']>({}, ages.map(answer)),
    formerHolders: mostly<Snapshot['formerHolders']>(
      [],
      fc
        .record({ node: fc.constantFrom('n2', 'n4'), container: fc.constantFrom('n2-a', 'b') })
        .chain((row) => ages.map((age) => [{ ...former, ...row, since: moment(age) }])),
    ),
    probeRuns: mostly<Snapshot['probeRuns']>(
      [answered()],
      fc
        .tuple(ages, fc.constantFrom([], [found]), fc.constantFrom(2, 3))
        .map(([age, findings, asked]) => [
          answered({ started: moment(age + 4), finished: moment(age), findings, asked }),
        ]),
    ),
    unstored: mostly<readonly string[]>([], fc.constant(['status.summary'])),
    witness: mostly<Snapshot['witness']>(heardBy('n1'), witnesses),
    daemonSets: mostly(
      [daemonSet({ config })],
      fc
        .record({
          updated: fc.constantFrom(2, 3),
          ready: fc.constantFrom(2, 3),
          observed: fc.constantFrom(0, 1),
        })
        .map((counts) => [daemonSet({ config, ...counts })]),
    ),
  })
  .map(calm);

/** The same world later, in which nothing has happened but renewals. */
function later(world: Snapshot, status: KubeVipConfigStatus, seconds: number, ageSeconds: number): Snapshot {
  const at = world.now + seconds * 1000;
  const renewed = world.leases.map((row) => {
    const renewedAt = at - ageSeconds * 1000;
    return { ...row, renewedAt, renewTime: new Date(renewedAt).toISOString() };
  });
  const { unstored, probeRuns } = world;
  const witness = laterHeard(world.witness, seconds * 1000, (ageSeconds % 6) * 1000);
  return { ...remembered(world, status), now: at, leases: renewed, unstored, probeRuns, witness };
}

it('what rests decides and says the same at any moment of its rest, as long as its Leases are renewed', () => {
  let rested = 0;
  fc.assert(
    fc.property(worlds, fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(15), (world, part, age) => {
      const first = inputOf(world);
      const seconds = restSeconds(first);
      if (seconds === undefined) {
        return;
      }
      rested += 1;
      const then = inputOf(later(world, first.status, seconds * part, age));
      expect(then.status).toEqual(first.status);
      expect(isDeepStrictEqual(then.plan, first.plan)).toBe(true);
      expect(restSeconds(then)).toBeGreaterThan(0);
    }),
    { numRuns: 100 },
  );
  // Were it none, nothing would have been shown.
  expect(rested).toBeGreaterThan(20);
});
