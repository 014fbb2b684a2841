// Whatever happens in the middle of a rollout: nodes die and come, the spec changes, releases crash, the operator is killed.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { componentKinds } from '../../src/api/metadata.ts';
import { numRuns } from '../api/arbitraries.ts';
import { kubeVipConfig } from '../builders.ts';
import { PlayedCluster, type Ending } from './played-cluster.ts';

type Event =
  | { readonly kind: 'edit'; readonly config: string; readonly version: 'v1.0.4' | 'v1.1.2' | 'v1.1.1' }
  | { readonly kind: 'pass'; readonly config: string; readonly writes: number | undefined }
  | { readonly kind: 'tick' }
  | { readonly kind: 'die' | 'join'; readonly node: string }
  | { readonly kind: 'wish'; readonly config: string; readonly wish: 'pause' | 'abort' | 'none' };

const names = ['edge', 'other'] as const;
const config = fc.constantFrom(...names);
const node = fc.integer({ min: 1, max: 6 }).map((index) => `n${index}`);
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      config,
      version: fc.constantFrom('v1.0.4', 'v1.1.2', 'v1.1.1'),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      config,
      // As a rule it lives on.
      writes: fc.oneof(
        { weight: 4, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: 2 }) },
      ),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ kind: 'tick' } as const) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('die' as const, 'join' as const), node }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('wish' as const),
      config,
      wish: fc.constantFrom('pause', 'abort', 'none', 'none'),
    }),
  },
);

function happen(played: PlayedCluster, row: Event): void {
  switch (row.kind) {
    case 'edit':
      return played.edit(row.config, { version: row.version });
    case 'pass':
      return played.pass(row.config, row.writes);
    case 'tick':
      return played.tick();
    case 'die':
      return played.nodes.has(row.node) ? played.die(row.node) : undefined;
    case 'join':
      return played.join(row.node);
    case 'wish':
      return played.edit(row.config, {}, row.wish === 'none' ? {} : { 'kubevip.dev/rollout': row.wish });
  }
}

const spec = (address: string) => ({
  controlPlane: { addresses: [address] },
  services: { nodeSelector: { 'kubernetes.io/os': 'linux' } },
  rollout: { observeSeconds: 4, progressDeadlineSeconds: 30 },
});

const world = (nodes: number, crashing: string): PlayedCluster =>
  new PlayedCluster({
    nodes,
    configs: [
      kubeVipConfig({ name: 'edge', spec: spec('203.0.113.100') }),
      kubeVipConfig({ name: 'other', spec: spec('203.0.113.101') }),
    ],
    works: (version) => (version === crashing ? 'crashes' : 'ready'),
  });

// Of what is rolled out no pod of a holder ends before every other node that reports has what it gets.
function breaksOrder({ why, isHolder, others, revision }: Ending): boolean {
  const hasPassed = (row: Ending['others'][number]): boolean => row.revision === revision;
  return (
    why === 'rollout' &&
    isHolder &&
    others.length > 0 &&
    !(others.every(hasPassed) && others.some((row) => hasPassed(row) && row.isReady))
  );
}

const isCrowded = ({ config: of, component, busy }: Ending): boolean =>
  busy.some((row) => row !== `${of} ${component}`);

describe('whatever happens', () => {
  it('the holder is never replaced before others have passed, and one component changes at a time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom('v1.0.4', 'v1.1.1', 'none'),
        fc.array(event, { minLength: 20, maxLength: 120 }),
        (nodes, crashing, events) => {
          const played = world(nodes, crashing);
          events.forEach((row) => happen(played, row));
          expect(played.endings.filter(breaksOrder)).toEqual([]);
          expect(played.endings.filter(({ why }) => why === 'rollout').filter(isCrowded)).toEqual([]);
          // It comes to an end, whatever was left half done.
          played.settle();
          expect(played.endings.filter(breaksOrder)).toEqual([]);
        },
      ),
      { numRuns: numRuns / 3 },
    );
  });

  it('an upgrade that nothing disturbs moves each address once at most, with the operator killed at any write', () => {
    const kills = fc.array(fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), kills, (nodes, deaths) => {
        const played = world(nodes, 'none');
        played.edit('edge', { version: 'v1.1.1' });
        deaths.forEach((writes) => {
          played.pass('edge', writes);
          played.pass('other');
          played.tick();
        });
        played.settle();
        for (const kind of componentKinds) {
          const revisions = new Set(Object.values(played.revisions('edge', kind)));
          expect(revisions.size).toBe(1);
          expect(played.moves.get(`edge ${kind}`) ?? 0).toBeLessThanOrEqual(1);
          // With an operator that is killed before it has written what it did, a node is ended once all the same.
          expect(played.endings.filter((row) => row.component === kind).length).toBe(nodes);
        }
        expect(played.configs.get('edge')?.status?.version?.running).toBe('v1.1.1');
      }),
      { numRuns: numRuns / 3 },
    );
  });

  it('a release that crashes never reaches a holder, and leaves every node as it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.constantFrom('crashes', 'never ready'), (nodes, how) => {
        const played = new PlayedCluster({
          nodes,
          configs: [kubeVipConfig({ name: 'edge', spec: spec('203.0.113.100') })],
          works: (version) => (version === 'v1.1.1' ? how : 'ready'),
        });
        const before = componentKinds.map((kind) => played.revisions('edge', kind));
        played.edit('edge', { version: 'v1.1.1' });
        played.settle();
        expect(played.endings.filter(({ isHolder }) => isHolder)).toEqual([]);
        expect(componentKinds.map((kind) => played.revisions('edge', kind))).toEqual(before);
        expect([...played.moves.keys()]).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });
});
