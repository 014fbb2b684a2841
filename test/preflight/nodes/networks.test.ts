// What is remembered of the networks that the nodes are in.
import { describe, expect, it } from '@jest/globals';
import { nodeNetworks } from '../../../src/preflight/nodes/networks.ts';
import type { NodeEvidence } from '../../../src/preflight/nodes/evidence.ts';
import { nodeReport, type Said } from '../../node-world.ts';

const evidence = (...said: readonly Said[]): NodeEvidence =>
  ({
    asked: said.length,
    answers: said.map((row, index) => ({
      node: `n${index + 1}`,
      report: nodeReport(`n${index + 1}`, 'x', row),
    })),
  }) as unknown as NodeEvidence;

const nic = (...subnets: string[]): Said => ({ interface: { name: 'eth0', isUp: true, mac: '', subnets } });

describe('nodeNetworks', () => {
  it.each<[string, readonly Said[], object]>([
    [
      'tells each gateway once',
      [
        { ...nic(), gateways: ['203.0.113.1'] },
        { ...nic(), gateways: ['203.0.113.1'] },
      ],
      { gateways: ['203.0.113.1'] },
    ],
    [
      'tells one address for each subnet',
      [nic('203.0.113.12/24'), nic('203.0.113.11/24')],
      { subnets: ['203.0.113.11/24'] },
    ],
    ['leaves host routes and point-to-point links out', [nic('203.0.113.100/32', '198.51.100.0/31')], {}],
    [
      'leaves link-local networks out',
      [nic('fe80::1/64', '2001:db8::b/64')],
      { subnets: ['2001:db8::b/64'] },
    ],
    ['tells nothing of nodes without an interface', [{ interface: undefined }], {}],
  ])('%s', (_, said, expected) => {
    expect(nodeNetworks(evidence(...said))).toEqual(expected);
  });

  const routers = (count: number): readonly Said[] =>
    Array.from({ length: count }, (_, n) => ({ ...nic(), gateways: [`10.0.${n >> 8}.${n & 255}`] }));

  it('remembers the routers of 1000 racks, and of more none, and says so', () => {
    expect(nodeNetworks(evidence(...routers(1000))).gateways).toHaveLength(1000);
    expect(nodeNetworks(evidence(...routers(1001)))).toEqual({ areNetworksOmitted: true });
  });

  it('keeps what is known of nodes that do not answer again, until all have', () => {
    const said = { ...nic('203.0.113.12/24'), gateways: ['203.0.113.1'] };
    const before = { gateways: ['203.0.113.254'], subnets: ['203.0.113.11/24', '198.51.100.9/24'] };
    expect(nodeNetworks({ ...evidence(said), asked: 2 }, before)).toEqual({
      gateways: ['203.0.113.1', '203.0.113.254'],
      subnets: ['198.51.100.9/24', '203.0.113.11/24'],
    });
    expect(nodeNetworks({ ...evidence(said), asked: 2 }, { areNetworksOmitted: true })).toEqual({
      areNetworksOmitted: true,
    });
    expect(nodeNetworks(evidence(said), before)).toEqual({
      gateways: ['203.0.113.1'],
      subnets: ['203.0.113.12/24'],
    });
  });
});
