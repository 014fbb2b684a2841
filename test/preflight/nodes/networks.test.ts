// What is remembered of the networks that the nodes are in.
import { describe, expect, it } from '@jest/globals';
import { nodeNetworks } from '../../../src/preflight/nodes/networks.ts';
import type { NodeEvidence } from '../../../src/preflight/nodes/evidence.ts';
import { nodeReport, type Said } from '../../node-world.ts';

const evidence = (...said: readonly Said[]): NodeEvidence =>
  ({
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
});
