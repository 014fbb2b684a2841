// Spellings of IP addresses, and what Go reads in them, written again from its description: net.ParseIP as Kubernetes keeps it
// (k8s.io/utils/internal/third_party/forked/golang/net/ip.go, which takes leading zeros), which kube-proxy uses, and
// net/netip, which kube-vip's releases use, takes less of the same.
import fc from 'fast-check';

const decimal = (text: string): number | undefined =>
  /^0*\d{1,3}$/.test(text) && Number(text) < 256 ? Number(text) : undefined;

function readIPv4(text: string): readonly number[] | undefined {
  const bytes = text.split('.').map(decimal);
  return bytes.length === 4 && bytes.every((byte) => byte !== undefined) ? bytes : undefined;
}

function readTail(text: string): readonly number[] | undefined {
  const bytes = readIPv4(text);
  const [a = 0, b = 0, c = 0, d = 0] = bytes ?? [];
  return bytes && [a * 256 + b, c * 256 + d];
}

const readGroup = (text: string): readonly number[] | undefined =>
  /^0*[0-9a-f]{1,4}$/i.test(text) ? [Number.parseInt(text, 16)] : undefined;

/** Groups of a part of an IPv6 address, of which the last one may be IPv4; undefined: no such part. */
function readGroups(text: string, mayEndInIPv4: boolean): readonly number[] | undefined {
  const parts = (text === '' ? [] : text.split(':')).map((part, index, all) => {
    const mayBeIPv4 = mayEndInIPv4 && index === all.length - 1;
    return mayBeIPv4 && part.includes('.') ? readTail(part) : readGroup(part);
  });
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
}

function readIPv6(text: string): readonly number[] | undefined {
  const [left = '', right, ...rest] = text.split('::');
  if (rest.length > 0) {
    return undefined;
  }
  const [before, after] = [readGroups(left, right === undefined), readGroups(right ?? '', true)];
  if (before === undefined || after === undefined) {
    return undefined;
  }
  const missing = 8 - before.length - after.length;
  const isWhole = right === undefined ? missing === 0 : missing > 0;
  return isWhole ? [...before, ...Array<number>(missing).fill(0), ...after] : undefined;
}

/** The address in a text as Go prints it without shortening, IPv4 in IPv6 as IPv4; undefined: Go reads none. */
export function readAsGo(text: string): string | undefined {
  if (!text.includes(':')) {
    return readIPv4(text)?.join('.');
  }
  const groups = readIPv6(text);
  const isMapped = groups?.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  return isMapped
    ? groups
        ?.slice(6)
        .flatMap((group) => [group >> 8, group & 255])
        .join('.')
    : groups?.map((group) => group.toString(16)).join(':');
}

const zeros = fc.integer({ min: 0, max: 4 }).map((count) => '0'.repeat(count));
const cased = (text: string): fc.Arbitrary<string> =>
  fc.boolean().map((isUpper) => (isUpper ? text.toUpperCase() : text));
const padded = (text: string): fc.Arbitrary<string> =>
  fc.tuple(zeros, cased(text)).map(([front, digits]) => front + digits);
const dotted = (bytes: readonly number[]): fc.Arbitrary<string> =>
  fc.tuple(...bytes.map((byte) => padded(String(byte)))).map((parts) => parts.join('.'));

/** The groups of an address, of which the last two may be written as IPv4, and a run of zeros left out. */
function spelledGroups(groups: readonly number[]): fc.Arbitrary<string> {
  const bytes = groups.slice(6).flatMap((group) => [group >> 8, group & 255]);
  const hex = (row: readonly number[]) => row.map((group) => padded(group.toString(16)));
  const written = fc.oneof(fc.tuple(...hex(groups)), fc.tuple(...hex(groups.slice(0, 6)), dotted(bytes)));
  const isZero = (part: string): boolean => /^0+$/.test(part);
  return fc
    .tuple(written, fc.integer({ min: 0, max: 7 }), fc.integer({ min: 1, max: 8 }))
    .map(([parts, from, count]) => {
      const left = parts.slice(from, from + count);
      const isLeftOut = left.length > 0 && left.every(isZero);
      const [before, after] = [parts.slice(0, from), parts.slice(from + count)];
      return isLeftOut ? `${before.join(':')}::${after.join(':')}` : parts.join(':');
    });
}

const groupsOf = (ip: string): readonly number[] =>
  (readAsGo(ip) ?? '').split(':').map((group) => Number.parseInt(group, 16));

/** Texts that Go reads as the address, which is a canonical one. */
export function spellingsOf(ip: string): fc.Arbitrary<string> {
  if (ip.includes(':')) {
    return spelledGroups(groupsOf(ip));
  }
  const bytes = ip.split('.').map(Number);
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  return fc.oneof(dotted(bytes), spelledGroups([0, 0, 0, 0, 0, 0xffff, a * 256 + b, c * 256 + d]));
}

/** The same texts with something left out, doubled or put in: Go may read the address, another one or none. */
export function mutationsOf(ip: string): fc.Arbitrary<string> {
  const pieces = fc.constantFrom('', '0', ':', '::', '.', 'f', 'ffff:', '1', '0:', '%eth0', '/32');
  return fc
    .tuple(spellingsOf(ip), fc.nat(60), fc.nat(2), pieces)
    .map(([text, at, cut, piece]) => text.slice(0, at) + piece + text.slice(at + cut));
}
