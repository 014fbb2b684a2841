// At which ports of an address its own machine answers.
import { describe, expect, it } from '@jest/globals';
import { AddressBook } from '../../src/grants/book.ts';
import { capturedBy, portOfMachine, type Captured } from '../../src/grants/captured.ts';
import { standingOf } from '../../src/grants/standing.ts';
import { service } from '../cluster-builders.ts';
import { serviceOf, type ServiceOptions } from './world.ts';

const address = '203.0.113.12';
const legacy = 'example.org/legacy';

function capturedOf(...rows: readonly ServiceOptions[]): Captured {
  const book = new AddressBook();
  rows.forEach((row, at) => book.put(standingOf(serviceOf({ name: `s${at}`, isOurs: false, ...row })), 0));
  return capturedBy(book.holdersOf(address), (name) => name === legacy);
}

describe('of the address of a machine', () => {
  it.each<[string, readonly ServiceOptions[], Captured]>([
    ['nothing is captured where no Service has it', [], new Set()],
    [
      'the ports of Services are that have it in externalIPs',
      [
        { type: 'ClusterIP', externalIPs: [address], port: 80 },
        { type: 'ClusterIP', externalIPs: [address], port: 10_250 },
      ],
      new Set(['TCP/80', 'TCP/10250']),
    ],
    [
      'the ports of a load balancer of others are that publishes it',
      [{ of: 'example.org/x', published: [address], port: 443 }],
      new Set(['TCP/443']),
    ],
    ['all are when a kube-vip of ours has it', [{ published: [address] }], 'all'],
    ['all are when one of an older class has it', [{ of: legacy, published: [address] }], 'all'],
    ['all are when it was left behind', [{ type: 'ClusterIP', has: address, isOurs: true }], 'all'],
  ])('%s', (_, rows, captured) => {
    expect(capturedOf(...rows)).toEqual(captured);
  });

  it.each([
    [256, 10_250],
    [257, undefined],
  ])('all are when a Service has more ports than are kept: %i', (length, port) => {
    const ports = Array.from({ length }, (_, n) => ({ port: n + 1 }));
    const book = new AddressBook();
    book.put(standingOf(service({ type: 'ClusterIP', externalIPs: [address], ports })), 0);
    expect(portOfMachine(capturedBy(book.holdersOf(address), () => false))).toBe(port);
  });
});

describe('the port at which the machine itself answers', () => {
  it.each<[string, Captured, number | undefined]>([
    ['is that of the kubelet', new Set(['TCP/80', 'UDP/10250']), 10_250],
    ['is that of kube-proxy where a Service has that', new Set(['TCP/10250']), 10_256],
    ['is any other where Services have both', new Set(['TCP/10250', 'TCP/10256', 'TCP/65535']), 65_534],
    ['is none where everything is captured', 'all', undefined],
  ])('%s', (_, captured, port) => {
    expect(portOfMachine(captured)).toBe(port);
  });
});
