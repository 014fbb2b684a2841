// Which MAC addresses a node says are its own.
import { describe, expect, it } from '@jest/globals';
import { macsOf, type Nic } from '../../src/probe/interfaces.ts';

const device = (mac: string, ...addresses: string[]): Nic => ({ mac, isDevice: true, addresses });
const made = (mac: string, ...addresses: string[]): Nic => ({ mac, isDevice: false, addresses });

describe('macsOf', () => {
  it.each<[string, readonly Nic[], readonly string[]]>([
    [
      'has every device, also one without an address',
      [device('02:00:00:00:00:0A', '203.0.113.11'), device('02:00:00:00:00:0b')],
      ['02:00:00:00:00:0a', '02:00:00:00:00:0b'],
    ],
    [
      'has a bridge or VLAN with an address behind the devices',
      [made('02:00:00:00:00:01', '203.0.113.11'), device('02:00:00:00:00:02')],
      ['02:00:00:00:00:02', '02:00:00:00:00:01'],
    ],
    [
      'leaves out the interfaces of pods',
      [made('ee:ee:ee:ee:ee:ee', 'fe80::1'), made('0a:0a:0a:0a:0a:0a')],
      [],
    ],
    [
      'says once what a bond shares with its devices',
      [device('02:00:00:00:00:01'), made('02:00:00:00:00:01', '203.0.113.11')],
      ['02:00:00:00:00:01'],
    ],
    ['leaves out what has none', [device(''), device('00:00:00:00:00:00')], []],
  ])('%s', (_, nics, macs) => {
    expect(macsOf(nics)).toEqual(macs);
  });

  it('says at most 16', () => {
    const many = Array.from({ length: 40 }, (_, at) => device(`02:00:00:00:00:${(at + 16).toString(16)}`));
    expect(macsOf(many)).toHaveLength(16);
  });
});
