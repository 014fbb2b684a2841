import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalSubnet, cidrRange, addressValue } from '../../src/api/address-range.ts';
import { SubnetIndex } from '../../src/witness/subnet-index.ts';

const subnets = ['203.0.113.0/24', '203.0.113.64/26', '198.51.100.0/25', '2001:db8::/64', 'x'];
const index = new SubnetIndex(subnets.map((row) => [row, row] as const));

describe('SubnetIndex', () => {
  it.each([
    ['203.0.113.1', '203.0.113.0/24'],
    ['203.0.113.70', '203.0.113.64/26'],
    ['203.0.113.128', '203.0.113.0/24'],
    ['198.51.100.127', '198.51.100.0/25'],
    ['198.51.100.128', undefined],
    ['2001:db8::5', '2001:db8::/64'],
    ['2001:db8:1::5', undefined],
    ['no address', undefined],
  ])('finds the longest prefix of %s: %s', (address, expected) => {
    expect(index.findText(address)).toBe(expected);
  });

  it('agrees with a range on which addresses a subnet has', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), fc.ipV4(), (network, length, address) => {
        const subnet = `${network}/${length}`;
        const { first = 0n, last = 0n } = cidrRange(subnet) ?? {};
        const value = addressValue(address)?.value ?? -1n;
        const found = new SubnetIndex([[subnet, true]]).findText(address) ?? false;
        expect(found).toBe(first <= value && value <= last);
      }),
    );
  });
});

describe('canonicalSubnet', () => {
  it.each([
    ['203.0.113.11/24', '203.0.113.0/24'],
    ['203.0.113.200/25', '203.0.113.128/25'],
    ['2001:DB8:0::b/64', '2001:db8::/64'],
    ['2001:db8::b/128', '2001:db8::b/128'],
    ['203.0.113.11/024', '203.0.113.0/24'],
    ['203.0.113.11', undefined],
    ['203.0.113.11/33', undefined],
    ['x/24', undefined],
  ])('of %s is %s', (text, expected) => {
    expect(canonicalSubnet(text)).toBe(expected);
  });
});
