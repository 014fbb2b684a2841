// What the pods of a DaemonSet are told, in whatever spelling a person left it.
import { describe, expect, it } from '@jest/globals';
import type { V1DaemonSet } from '@kubernetes/client-node';
import { heldBy, targetsOf } from '../../src/observed/daemon-set.ts';

const told = (env: Readonly<Record<string, string>>): V1DaemonSet => ({
  spec: {
    selector: {},
    template: {
      spec: {
        containers: [
          { name: 'kube-vip', env: Object.entries(env).map(([name, value]) => ({ name, value })) },
        ],
      },
    },
  },
});

describe('heldBy', () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['an address', { address: '203.0.113.100' }, ['203.0.113.100']],
    [
      'both addresses, also with a space between',
      { address: '203.0.113.100, 2001:db8::100' },
      ['203.0.113.100', '2001:db8::100'],
    ],
    ['an address in capitals with its zeros', { address: '2001:0DB8:0:0:0:0:0:0100' }, ['2001:db8::100']],
    ['an address that ends as IPv4', { address: '2001:db8::0.0.1.0' }, ['2001:db8::100']],
    ['IPv4 in IPv6', { address: '::ffff:203.0.113.100' }, ['203.0.113.100']],
    ['a class as it is', { lb_class_name: '192.0.2.1/x' }, ['192.0.2.1/x']],
    ['nothing of other variables', { port: '6443' }, []],
  ])('reads %s', (_, env, held) => {
    expect(heldBy(told(env))).toEqual(held);
  });
});

describe('targetsOf', () => {
  it('has each address with the port', () => {
    expect(targetsOf(told({ address: '2001:DB8::100', port: '7443' }))).toEqual([
      { address: '2001:db8::100', port: 7443 },
    ]);
  });
});
