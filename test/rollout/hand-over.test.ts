// Nodes that give their addresses up before maintenance, at rest and in the middle of a rollout.
import { describe, expect, it } from '@jest/globals';
import { stepsOf } from '../../src/plan/plan.ts';
import { kubeVipConfig } from '../builders.ts';
import { makePlan } from '../pass.ts';
import { PlayedCluster } from './played-cluster.ts';

const upgrade = { version: 'v1.2.3' } as const;
const moved = 'edge control-plane';

/** Three nodes, of which n3 holds, all of them from templates that have a mark. */
function cluster(): PlayedCluster {
  const config = kubeVipConfig({ spec: { services: undefined, version: 'v1.0.4' } });
  const played = new PlayedCluster({ nodes: 3, configs: [config] });
  played.edit('edge', { version: 'v1.1.2' });
  played.settle();
  played.endings.length = 0;
  played.moves.clear();
  return played;
}

const homes = (played: PlayedCluster): readonly string[] =>
  Object.keys(played.revisions('edge', 'control-plane')).sort();
const states = (played: PlayedCluster): unknown =>
  played.configs.get('edge')?.status?.controlPlane?.handOver?.map(({ node, state }) => `${node} ${state}`);

describe('a node that is asked to give its addresses up', () => {
  it('loses its pod, the address moves once, and no other pod ends', () => {
    const played = cluster();
    const holder = played.holder('edge', 'control-plane');
    const before = homes(played);
    played.handOver(holder);
    played.settle();
    expect(homes(played)).toEqual(before.filter((name) => name !== holder));
    expect(played.holder('edge', 'control-plane')).not.toBe(holder);
    expect([played.moves.get(moved), played.endings]).toEqual([1, []]);
    expect(states(played)).toEqual([`${holder} Done`]);
  });

  it('is left out by a change, and not by drift', () => {
    const played = cluster();
    played.handOver('n1');
    const [config = kubeVipConfig()] = played.configs.values();
    const steps = stepsOf(makePlan(played.snapshot(config)));
    expect(steps).toMatchObject([{ kind: 'apply', why: 'changed', path: 'spec.template.spec.affinity' }]);
    played.settle();
    const [after = kubeVipConfig()] = played.configs.values();
    expect(stepsOf(makePlan(played.snapshot(after)))).toEqual([]);
  });

  it('gets a pod again when it is not asked any more, and the address stays', () => {
    const played = cluster();
    const holder = played.holder('edge', 'control-plane');
    played.handOver(holder);
    played.settle();
    played.handOver(holder, false);
    played.settle();
    expect(homes(played)).toEqual(['n1', 'n2', 'n3']);
    expect([played.moves.get(moved), states(played)]).toEqual([1, undefined]);
  });

  it.each([0, 2, 4, 6, 8, 10, 14])('after %i rounds of a rollout does not hold it up', (rounds) => {
    const played = cluster();
    played.edit('edge', upgrade);
    for (let round = 0; round < rounds; round += 1) {
      played.pass('edge');
      played.tick();
    }
    played.handOver('n1');
    played.settle();
    expect(played.rollout('edge')).toBeUndefined();
    expect(homes(played)).toEqual(['n2', 'n3']);
    played.handOver('n1', false);
    played.settle();
    expect(new Set(Object.values(played.revisions('edge', 'control-plane'))).size).toBe(1);
    expect(played.configs.get('edge')?.status?.version?.running).toBe('v1.2.3');
    expect(played.moves.get(moved) ?? 0).toBeLessThanOrEqual(1);
  });

  it('keeps its address while no other node can take over', () => {
    const played = cluster();
    const holder = played.holder('edge', 'control-plane');
    homes(played)
      .filter((name) => name !== holder)
      .forEach((name) => played.die(name));
    played.handOver(holder);
    played.settle();
    expect([played.holder('edge', 'control-plane'), states(played)]).toEqual([holder, [`${holder} Waiting`]]);
  });
});
