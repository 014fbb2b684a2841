// Who has to answer for silence to mean something.
import { describe, expect, it } from '@jest/globals';
import type { V1Node } from '@kubernetes/client-node';
import type { Captured } from '../../src/grants/captured.ts';
import { referenceHostsOf, type ReferenceHosts } from '../../src/grants/reference-hosts.ts';
import { node } from '../cluster-builders.ts';
import { poolConfig } from './world.ts';

const address = '203.0.113.110';
const own = node({ name: 'n1', address: '203.0.113.11' });
const near = node({ name: 'n2', address: '203.0.113.12' });
const far = node({ name: 'n3', address: '192.0.2.13' });
const down = (row: V1Node): V1Node => ({
  ...row,
  status: { ...row.status, conditions: [{ type: 'Ready', status: 'Unknown' }] },
});
const probed = poolConfig();
const unprobed = poolConfig({ status: { observedGeneration: 1 } });
const gateway = '203.0.113.1';
// As a tenant may write it into spec.externalIPs.
const captured: Readonly<Record<string, Captured>> = {
  '203.0.113.17': new Set(['TCP/80', 'UDP/10250']),
  '203.0.113.18': new Set(['TCP/10250', 'TCP/10256', 'TCP/65535']),
  '203.0.113.19': 'all',
};
const capturedOf = (address: string): Captured => captured[address] ?? new Set();
const around = { ownNode: 'n1', capturedOf };
const at = (...addresses: readonly string[]) => addresses.map((row) => ({ address: row, port: 10_250 }));

describe('the reference hosts of an address', () => {
  it.each<[string, readonly V1Node[], ReferenceHosts]>([
    ['are none in a cluster of one node', [own], { kind: 'alone' }],
    ['are none in a cluster without nodes', [], { kind: 'alone' }],
    [
      'are the other nodes of its subnet, and its gateway',
      [own, near, far],
      { kind: 'near', hosts: at('203.0.113.12', gateway) },
    ],
    [
      'are those that are ready',
      [own, near, down(node({ name: 'n4', address: '203.0.113.14' }))],
      { kind: 'near', hosts: at('203.0.113.12', gateway) },
    ],
    [
      'are those that are down where all are',
      [own, down(near)],
      { kind: 'near', hosts: at('203.0.113.12', gateway) },
    ],
    ['are its gateway where no node is near', [own, far], { kind: 'near', hosts: at(gateway) }],
    [
      'are not the machine of the operator under another name',
      [own, node({ name: 'old', address: '203.0.113.11' }), near],
      { kind: 'near', hosts: at('203.0.113.12', gateway) },
    ],
    [
      'are not the address itself',
      [own, node({ name: 'cloud', address }), near],
      { kind: 'near', hosts: at('203.0.113.12', gateway) },
    ],
    [
      'are asked where no Service has a port of theirs, so that a tenant takes none of them away',
      [own, node({ name: 'n7', address: '203.0.113.17' }), node({ name: 'n8', address: '203.0.113.18' })],
      {
        kind: 'near',
        hosts: [...at('203.0.113.17'), { address: '203.0.113.18', port: 65_534 }, ...at(gateway)],
      },
    ],
    [
      'are not what a kube-vip of ours may have on a node',
      [own, node({ name: 'n9', address: '203.0.113.19' }), near],
      { kind: 'near', hosts: at('203.0.113.12', gateway) },
    ],
    [
      'are nodes in whatever spelling',
      [own, node({ name: 'n6', address: '::ffff:203.0.113.16' })],
      { kind: 'near', hosts: at('203.0.113.16', gateway) },
    ],
  ])('%s', (_, nodes, hosts) => {
    expect(referenceHostsOf(address, { configs: [probed], nodes, ...around })).toEqual(hosts);
  });

  it('are every other node while no subnet is known', () => {
    const facts = { configs: [unprobed], nodes: [own, near, far] };
    expect(referenceHostsOf(address, { ...facts, ...around })).toEqual({
      kind: 'near',
      hosts: at('203.0.113.12', '192.0.2.13'),
    });
  });

  it.each([
    ['in another network', '198.51.100.7'],
    ['of another family', '2001:db8:1::7'],
  ])('tell less of an address %s', (_, elsewhere) => {
    const facts = { configs: [probed], nodes: [own, near] };
    expect(referenceHostsOf(elsewhere, { ...facts, ...around })).toEqual({
      kind: 'far',
      hosts: at('203.0.113.12', gateway),
    });
  });

  it('are of every node where the node of the operator is not known', () => {
    const facts = { configs: [unprobed], nodes: [own] };
    expect(referenceHostsOf(address, { ...facts, ...around, ownNode: undefined })).toEqual({
      kind: 'near',
      hosts: at('203.0.113.11'),
    });
  });
});
