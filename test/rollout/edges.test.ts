// Every change from one release that can be chosen to another, both ways: it moves the address once at most, or it is a removal,
// because what runs leaves the address on its node.
import { describe, expect, it } from '@jest/globals';
import { leavesAddress } from '../../src/catalog/releases.ts';
import { choosable, mayBeUsed } from '../../src/catalog/verdicts.ts';
import { removalsOf } from '../../src/plan/plan.ts';
import { kubeVipConfig } from '../builders.ts';
import { makePlan } from '../pass.ts';
import { PlayedCluster } from './played-cluster.ts';

const versions = choosable
  .map(({ version }) => version)
  .filter((version) => mayBeUsed(version, 'control-plane'));
const leaving = versions.filter(leavesAddress);
const staying = versions.filter((version) => !leavesAddress(version));
const running = (version: string): PlayedCluster =>
  new PlayedCluster({ nodes: 2, configs: [kubeVipConfig({ spec: { services: undefined, version } })] });

/** What a change came to: how often the address moved, whether the holder was last, and what runs then. */
function change(played: PlayedCluster, to: string): unknown {
  played.moves.clear();
  played.endings.length = 0;
  played.edit('edge', { version: to });
  played.settle();
  const order = played.endings.map(({ isHolder }) => isHolder);
  return [
    played.moves.get('edge control-plane'),
    order,
    played.configs.get('edge')?.status?.version?.running,
  ];
}

const once = (to: string): unknown => [1, [false, true], to];

describe('a change of the release', () => {
  it.each(staying)('from %s to each other, and back, moves the address once', (from) => {
    const played = running(from);
    for (const to of staying.slice(staying.indexOf(from) + 1)) {
      expect(change(played, to)).toEqual(once(to));
      expect(change(played, from)).toEqual(once(from));
    }
    expect(played.rollout('edge')).toBeUndefined();
  });

  it.each(staying.flatMap((from) => leaving.map((to) => [from, to] as const)))(
    'from %s to %s moves the address once',
    (from, to) => {
      expect(change(running(from), to)).toEqual(once(to));
    },
  );

  it.each(leaving.flatMap((from) => versions.map((to) => [from, to] as const)).filter(([a, b]) => a !== b))(
    'from %s to %s is a removal',
    (from, to) => {
      const played = running(from);
      played.edit('edge', { version: to });
      const [config = kubeVipConfig()] = played.configs.values();
      const plan = makePlan(played.snapshot(config));
      expect(removalsOf(plan).map(({ component }) => component)).toEqual(['control-plane']);
    },
  );
});
