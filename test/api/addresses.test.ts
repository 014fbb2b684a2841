import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mutationsOf, readAsGo, spellingsOf } from './spellings.ts';
import {
  addressInService,
  canonicalAddress,
  familyOf,
  hostPrefix,
  isVirtualAddress,
} from '../../src/api/addresses.ts';

describe('familyOf', () => {
  it.each([
    ['knows an IPv4 address', '192.0.2.10', 'IPv4'],
    ['knows an IPv6 address', '2001:db8::1', 'IPv6'],
    ['knows an IPv6 address that is not canonical', '2001:DB8:0::1', 'IPv6'],
    ['knows no name', 'vip.example.org', undefined],
    ['knows no prefix', '192.0.2.0/24', undefined],
    ['knows no empty text', '', undefined],
    ['knows no zone', 'fe80::1%eth0', undefined],
    ['knows no IPv4 address in IPv6', '::ffff:192.0.2.1', undefined],
    ['knows no short IPv4 address', '192.0.2', undefined],
    ['knows no hexadecimal IPv4 address', '0xc0.0.2.1', undefined],
    ['knows no whole number', '3221225994', undefined],
  ])('%s', (_, text, expected) => {
    expect(familyOf(text)).toBe(expected);
  });
});

describe('isVirtualAddress', () => {
  it.each([
    ['takes a private IPv4 address', '10.0.0.1', true],
    ['takes a public IPv4 address', '8.8.8.8', true],
    ['takes an IPv4 address that is reserved for later', '240.0.0.1', true],
    ['takes no IPv4 address that begins with 0', '0.1.2.3', false],
    ['takes a global IPv6 address', '2001:db8::1', true],
    ['takes a unique local IPv6 address', 'fd00::1', true],
    ['takes no loopback', '127.0.0.1', false],
    ['takes no IPv6 loopback', '::1', false],
    ['takes no link-local address', '169.254.1.1', false],
    ['takes no IPv6 link-local address', 'fe80::1', false],
    ['takes no multicast address', '224.0.0.1', false],
    ['takes no IPv6 multicast address', 'ff02::1', false],
    ['takes no broadcast address', '255.255.255.255', false],
    ['takes no unspecified address', '0.0.0.0', false],
    ['takes no unspecified IPv6 address', '::', false],
    ['takes no leading zero', '192.0.2.010', false],
    ['takes no upper case', '2001:DB8::1', false],
    ['takes no uncompressed IPv6 address', '2001:db8:0:0:0:0:0:1', false],
    ['takes one zero group written out', '2001:db8:0:1:1:1:1:1', true],
    ['takes no name', 'vip', false],
    ['takes no prefix', '192.0.2.1/32', false],
    ['takes no blank', ' 192.0.2.1', false],
  ])('%s', (_, text, expected) => {
    expect(isVirtualAddress(text)).toBe(expected);
  });
});

describe('canonicalAddress', () => {
  it.each([
    ['leaves an IPv4 address', '192.0.2.1', '192.0.2.1'],
    ['shortens an IPv6 address', '2001:DB8:0:0::1', '2001:db8::1'],
    ['takes IPv4 out of IPv6', '::ffff:192.0.2.1', '192.0.2.1'],
    ['takes IPv4 out of IPv6 in hexadecimal', '::ffff:c000:201', '192.0.2.1'],
    ['has none for a name', 'web.example.org', undefined],
    ['has none for a network', '192.0.2.0/24', undefined],
    ['has none for leading zeros, which kube-vip takes for a name', '192.0.2.01', undefined],
    ['has none for a zone', 'fe80::1%eth0', undefined],
    ['has none for no text', '', undefined],
  ])('%s', (_, text, expected) => {
    expect(canonicalAddress(text)).toBe(expected);
  });
});

describe('addressInService', () => {
  it.each([
    ['leaves an IPv4 address', '192.0.2.100', '192.0.2.100'],
    ['takes leading zeros for decimals', '192.000.02.0100', '192.0.2.100'],
    ['takes as many zeros as there are', '192.0.2.00000000000001', '192.0.2.1'],
    ['leaves zeros that are all of a number', '0.0.0.0', '0.0.0.0'],
    ['takes leading zeros for decimals inside IPv6', '::FFFF:192.0.2.0100', '192.0.2.100'],
    ['takes IPv4 out of IPv6 in hexadecimal', '::ffff:c000:201', '192.0.2.1'],
    ['shortens an IPv6 address', '2001:0DB8:0:0::0010', '2001:db8::10'],
    ['reads a group with more zeros than it has digits', '2001:00db8::00100', '2001:db8::100'],
    ['reads IPv4 that is no prefix', '2001:db8::0.0.1.0', '2001:db8::100'],
    ['tells IPv4 in IPv6 from what only looks so', '::ffff:0:c000:201', '::ffff:0:c000:201'],
    ['cuts a prefix length off', '192.0.2.11/32', '192.0.2.11'],
    ['cuts a zone off', 'fd00::1%eth0', 'fd00::1'],
    ['cuts a zone off in front of a prefix length', 'fd00::1%eth0/128', 'fd00::1'],
    ['cuts a zone off with a prefix length in it', 'fd00::1/64%eth0', 'fd00::1'],
    ['cuts off what stands for a prefix length, whatever it is', '192.0.2.011/a/b', '192.0.2.11'],
    ['has none for a prefix length alone', '/32', undefined],
    ['has none for a zone alone', '%eth0', undefined],
    ['has none for a name with a prefix length', 'web.example.org/32', undefined],
    ['has none for what is too large behind its zeros', '192.0.2.0256', undefined],
    ['has none for a name', '01.example.org', undefined],
    ['has none for three numbers', '192.0.02', undefined],
  ])('%s', (_, text, expected) => {
    expect(addressInService(text)).toBe(expected);
  });
});

describe('addressInService, held against what Go reads', () => {
  const addresses = fc.oneof(
    fc.ipV4(),
    fc.ipV6().map((text) => canonicalAddress(text) ?? ''),
    fc.constantFrom('203.0.113.100', '2001:db8::100', '::1', '1::', '::'),
  );

  it('reads every spelling of an address as that address', () => {
    fc.assert(
      fc.property(
        addresses.chain((ip) => fc.tuple(fc.constant(ip), spellingsOf(ip))),
        ([ip, text]) => expect([text, addressInService(text)]).toEqual([text, canonicalAddress(ip)]),
      ),
    );
  });

  it('reads no IPv4 behind a letter', () => {
    expect(addressInService('0:98:5:4:4:f217:0f1.191.244.197')).toBeUndefined();
  });

  // As the policy service-addresses cuts them; what Go reads in the rest is all that counts.
  const withoutTail = (text: string): string => /^[^/%]*/.exec(text)?.[0] ?? '';

  it('reads what is nearly an address as Go does, without prefix length and zone', () => {
    fc.assert(
      fc.property(addresses.chain(mutationsOf), (text) => {
        const read = readAsGo(withoutTail(text));
        expect([text, addressInService(text)]).toEqual([text, read && canonicalAddress(read)]);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('hostPrefix', () => {
  it.each([
    ['is 32 for IPv4', 'IPv4', 32],
    ['is 128 for IPv6', 'IPv6', 128],
  ] as const)('%s', (_, family, expected) => {
    expect(hostPrefix(family)).toBe(expected);
  });
});
