import { describe, expect, it } from '@jest/globals';
import type { Questions } from '../../src/witness/contract.ts';
import {
  nothingRemembered,
  planWitnesses,
  type WitnessFacts,
  type WitnessMemory,
} from '../../src/witness/plan.ts';
import { segmentId } from '../../src/witness/segments.ts';
import { kubeVipConfig, lease, now } from '../builders.ts';
import { at, fiveNodes, probed, run, served, witnessFacts } from './world.ts';

const network = '203.0.113.0/24';
const id = segmentId([network]);
const plan = (facts: Partial<WitnessFacts> = {}, before: WitnessMemory = nothingRemembered) =>
  planWitnesses(witnessFacts(facts), before);
const asked = (text = '{}'): Questions => JSON.parse(text) as Questions;

const nodes = { name: 'nodes', addresses: ['203.0.113.11', '203.0.113.12'] };

describe('planWitnesses', () => {
  it('has two witnesses in the network of a control plane', () => {
    const { segments, coverage, isOpen, afterMs } = plan();
    expect(segments.map(({ segment, nodes }) => [segment, nodes])).toEqual([[id, ['n4', 'n5']]]);
    expect(asked(segments[0]?.questions)).toMatchObject({
      subnets: [network],
      control: [{ address: '203.0.113.100' }],
      groups: [nodes],
    });
    expect(segments[0]?.daemonSet.metadata?.name).toBe(`kube-vip-witness-${id}`);
    expect(coverage).toEqual({
      segments: [{ segment: id, subnets: [network], nodes: ['n4', 'n5'], because: '', omitted: 0 }],
      because: '',
      outside: [],
    });
    expect([isOpen, afterMs]).toEqual([false, undefined]);
  });

  it.each<[string, Partial<WitnessFacts>, string, boolean]>([
    [
      'there is no KubeVipConfig',
      { configs: [] },
      'expected a KubeVipConfig with spec.witness On, found none',
      false,
    ],
    [
      'every KubeVipConfig says Off',
      { configs: [probed(['203.0.113.11/24'], { spec: { witness: 'Off' } })] },
      'expected a KubeVipConfig with spec.witness On, found none',
      false,
    ],
    [
      'no probe has run',
      { configs: [kubeVipConfig()] },
      'expected the subnets of the nodes, found none: no probe of the nodes has run, or spec.preflight.nodeProbe is Off',
      false,
    ],
    [
      'a probe is running',
      { configs: [kubeVipConfig({ status: { nodeProbe: [{ ...run(), finishedAt: undefined } as never] } })] },
      'expected the subnets of the nodes, found none: no probe of the nodes has run, or spec.preflight.nodeProbe is Off',
      true,
    ],
    [
      'there are more subnets than a status holds',
      { configs: [kubeVipConfig({ status: { nodeProbe: [run({ areNetworksOmitted: true })] } })] },
      'expected the subnets of the nodes, found more than a status can hold',
      false,
    ],
    [
      'the image is not known',
      { image: undefined },
      'expected to know the image of the operator, found no POD_NAME in its environment and no --probe-image',
      true,
    ],
  ])('has none and says so where %s', (_, facts, because, isOpen) => {
    expect(plan(facts)).toMatchObject({ segments: [], isOpen, coverage: { segments: [], because } });
  });

  it('says of a segment without a second node that it has no witness', () => {
    const { segments, coverage } = plan({ nodes: fiveNodes.slice(0, 1) });
    expect(segments).toEqual([]);
    expect(coverage.segments[0]?.because).toBe(`expected two nodes with an address in ${network}, found n1`);
  });

  it('names addresses that no network has', () => {
    const config = probed(['203.0.113.11/24'], { spec: { controlPlane: { addresses: ['192.0.2.1'] } } });
    expect(plan({ configs: [config] }).coverage).toMatchObject({ segments: [], outside: ['192.0.2.1'] });
  });

  it('has none in a network without an address of ours', () => {
    const config = probed(['203.0.113.11/24', '198.51.100.14/24']);
    const nodes = [...fiveNodes, at('n6', ['198.51.100.14']), at('n7', ['198.51.100.15'])];
    expect(plan({ configs: [config], nodes }).segments.map(({ segment }) => segment)).toEqual([id]);
  });

  it('has them in the network of a pool before the first Service', () => {
    const pools = [{ name: 'main', addresses: ['203.0.113.64/27'] }];
    const config = probed(['203.0.113.11/24'], { spec: { controlPlane: undefined, services: { pools } } });
    const [found] = plan({ configs: [config] }).segments;
    expect(found).toMatchObject({ segment: id, nodes: ['n4', 'n5'] });
    expect(asked(found?.questions)).toMatchObject({ control: [], groups: [nodes] });
  });

  it('asks each network for its own addresses', () => {
    const second = at('n6', ['198.51.100.14']);
    const { segments } = plan({
      configs: [probed(['203.0.113.11/24', '198.51.100.14/24'])],
      nodes: [...fiveNodes, second, at('n7', ['198.51.100.15'])],
      services: [served('web', '198.51.100.64'), served('shop', '203.0.113.64')],
    });
    const groups = Object.fromEntries(segments.map((row) => [row.segment, asked(row.questions).groups]));
    expect(groups).toEqual({
      [id]: [{ name: 'kubevip.dev/edge', addresses: ['203.0.113.64'] }, nodes],
      [segmentId(['198.51.100.0/24'])]: [
        { name: 'kubevip.dev/edge', addresses: ['198.51.100.64'] },
        { name: 'nodes', addresses: ['198.51.100.14', '198.51.100.15'] },
      ],
    });
  });

  it('goes on asking for what a Service had', () => {
    const first = plan({ services: [served('web', '203.0.113.64')] });
    const second = plan({}, first.memory);
    expect(asked(second.segments[0]?.questions).groups).toEqual([
      { name: 'orphans', addresses: ['203.0.113.64'] },
      nodes,
    ]);
    expect(second.afterMs).toBe(10_000);
    const third = plan({ quietFor: () => 60_000 }, second.memory);
    expect(asked(third.segments[0]?.questions).groups).toEqual([nodes]);
    expect(plan({}, third.memory).segments).toEqual(third.segments);
  });

  it('moves a witness off a node that has held for half a minute, and stays with that while it is carried out', () => {
    const chosen = () => ['n4', 'n5'];
    const holding = (heldMs: number) => [
      lease({ name: 'edge-services', holder: 'n4', acquiredAt: now - heldMs }),
    ];
    const services = [served('web', '203.0.113.64')];
    const before = plan({ chosen, services, leases: holding(10_000) });
    expect([before.segments[0]?.nodes, before.afterMs]).toEqual([['n4', 'n5'], 20_000]);
    const after = plan({ chosen, services, leases: holding(30_000) });
    expect(after.segments[0]?.nodes).toEqual(['n1', 'n5']);
    expect(after.memory.movedAt.get(id)).toBe(1_000_000);
    const meanwhile = plan({ chosen, services, leases: holding(31_000), now: 1_001_000 }, after.memory);
    expect(meanwhile.segments[0]?.nodes).toEqual(['n1', 'n5']);
  });

  it('does not take the holder of another network for one of this', () => {
    const leases = [lease({ name: 'other-control-plane', holder: 'n4', acquiredAt: 0 })];
    expect(plan({ leases, chosen: () => ['n4', 'n5'] }).segments[0]?.nodes).toEqual(['n4', 'n5']);
  });

  it('keeps what it knows while nodes are asked again', () => {
    const first = plan({ services: [served('web', '203.0.113.64')] });
    const open = kubeVipConfig({ status: { nodeProbe: [{ ...run(), finishedAt: undefined } as never] } });
    const second = plan({ configs: [open] }, first.memory);
    expect(second.segments[0]?.nodes).toEqual(['n4', 'n5']);
    expect([...second.memory.former.keys()]).toEqual(['203.0.113.64']);
  });
});
