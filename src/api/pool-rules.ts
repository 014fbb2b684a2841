// The rules of spec.services.pools. CEL cannot compare addresses, and has no budget to compare 512 entries with one
// another: a range is therefore short enough to compare its last group, and overlaps are found by the operator.
import {
  addressRange,
  forbiddenNetworks,
  isPoolEntry,
  isReservedEntry,
  rangePrefix,
  type AddressRange,
} from './address-range.ts';
import { fieldError, type FieldError, type Rule } from './rule.ts';
import type { KubeVipConfig } from './types.ts';

const forbidden = `[${forbiddenNetworks.map((text) => `'${text}'`).join(', ')}]`;

// Nothing is split here, and no two CIDRs are compared but as text: the API server's estimate of costs knows no length of what
// comes of the one, and before Kubernetes 1.32 no cost of the other. It then refuses the CRD.
const celCidr = `isCIDR(self) && ip.isCanonical(self.substring(0, self.indexOf('/'))) && string(cidr(self).masked()) == self && !${forbidden}.exists(f, cidr(f).containsIP(cidr(self).ip()) || cidr(self).containsIP(cidr(f).ip()))`;

const celUnicast = (address: string): string =>
  `isIP(${address}) && ip.isCanonical(${address}) && !${forbidden}.exists(f, cidr(f).containsIP(${address}))`;
const first = "self.substring(0, self.indexOf('-'))";
const last = "self.substring(self.indexOf('-') + 1)";
const isInside = (length: number): string => `cidr(${first} + '/${length}').containsIP(${last})`;
/** Of the address that ends there, the last two octets as a number. */
const octets = (end: string): string =>
  `int(self.find('[.][0-9]+[.][0-9]+${end}').find('[0-9]+')) * 256 + int(self.find('[0-9]+${end}').find('[0-9]+'))`;
/** Of the address that ends there, the last group, with zeros in front: texts of one length are in order. */
const group = (end: string): string =>
  `('0000' + self.find('[0-9a-f]*${end}').find('[0-9a-f]*')).substring(self.find('[0-9a-f]*${end}').find('[0-9a-f]*').size())`;
const celRange =
  `self.contains('-') && ${celUnicast(first)} && ${celUnicast(last)}` +
  ` && (ip(${first}).family() == 4` +
  ` ? ${isInside(rangePrefix.IPv4)} && ${octets('-')} <= ${octets('$')}` +
  ` : ${isInside(rangePrefix.IPv6)} && ${group('-')} <= ${group('$')})`;

/** An entry of a pool, and where it stands. */
export interface PoolEntry {
  readonly pool: string;
  readonly text: string;
  readonly path: string;
}

const entriesOf = ({ spec }: KubeVipConfig): readonly PoolEntry[] =>
  (spec.services?.pools ?? []).flatMap(({ name, addresses }, at) =>
    addresses.map((text, index) => ({
      pool: name,
      text,
      path: `spec.services.pools[${at}].addresses[${index}]`,
    })),
  );

const badEntry = (config: KubeVipConfig): PoolEntry | undefined =>
  entriesOf(config).find(({ text }) => !isPoolEntry(text));

const entryRule: Rule = {
  id: 'pool-entry-is-unicast-range',
  at: 'spec.services.pools[].addresses[]',
  cel: `self.contains('/') ? ${celCidr} : ${celRange}`,
  message:
    'spec.services.pools: expected a CIDR such as 192.0.2.64/27, or first-last of one family inside one /16 (IPv6: /112), of unicast addresses in canonical form, found {found}; write a larger range as CIDRs',
  celValues: { found: 'self' },
  broken: (config) => {
    const found = badEntry(config);
    return found && { found: found.text };
  },
  entry: (config) => badEntry(config)?.path ?? '',
};

const reservedOf = ({ spec }: KubeVipConfig): readonly PoolEntry[] =>
  (spec.services?.pools ?? []).flatMap(({ name, reserved = [] }, at) =>
    reserved.map((text, index) => ({
      pool: name,
      text,
      path: `spec.services.pools[${at}].reserved[${index}]`,
    })),
  );

const badReserved = (config: KubeVipConfig): PoolEntry | undefined =>
  reservedOf(config).find(({ text }) => !isReservedEntry(text));

const reservedRule: Rule = {
  id: 'pool-reserved-is-address-or-cidr',
  at: 'spec.services.pools[].reserved[]',
  cel: `self.contains('/') ? isCIDR(self) && ip.isCanonical(self.substring(0, self.indexOf('/'))) && string(cidr(self).masked()) == self : isIP(self) && ip.isCanonical(self)`,
  message:
    'spec.services.pools: expected in reserved an address such as 192.0.2.70, or a CIDR such as 192.0.2.72/29, in canonical form, found {found}; write a range as several CIDRs',
  celValues: { found: 'self' },
  broken: (config) => {
    const found = badReserved(config);
    return found && { found: found.text };
  },
  entry: (config) => badReserved(config)?.path ?? '',
};

/** Rules of one entry of a pool. That entries do not overlap is the operator's to find. */
export const poolRules: readonly Rule[] = [entryRule, reservedRule];

type Entry = AddressRange & PoolEntry;

const sayEntry = ({ text, pool }: PoolEntry): string => `${text} of pool ${pool}`;

const inOrder = (a: Entry, b: Entry): number => {
  if (a.family !== b.family) {
    return a.family < b.family ? -1 : 1;
  }
  return a.first < b.first ? -1 : Number(a.first > b.first);
};

// A spec is the same object until it changes, and 200 of them may be compared at every reconcile.
const sorted = new WeakMap<KubeVipConfig['spec'], readonly Entry[]>();

function rangesOf(config: KubeVipConfig): readonly Entry[] {
  const known =
    sorted.get(config.spec) ??
    entriesOf(config)
      .flatMap((entry) => {
        const range = addressRange(entry.text);
        return range ? [{ ...range, ...entry }] : [];
      })
      .sort(inOrder);
  sorted.set(config.spec, known);
  return known;
}

/** What two entries of the pools say when they have an address in common, or undefined: one complaint is enough. */
export function overlapComplaint(config: KubeVipConfig): FieldError | undefined {
  const entries = rangesOf(config);
  const at = entries.findIndex((entry, index) => {
    const before = entries[index - 1];
    return before?.family === entry.family && entry.first <= before.last;
  });
  const [first, second] = [entries[at - 1], entries[at]];
  return first && second
    ? fieldError(
        `spec.services.pools: expected each address in one entry, found ${sayEntry(first)} and ${sayEntry(second)} with common addresses; take one of them out`,
        second.path,
      )
    : undefined;
}

const endsBefore = (a: Entry, b: Entry): boolean =>
  a.family === b.family ? a.last < b.first : a.family < b.family;

/** Entries of two configs with common addresses, that of the first one before; undefined: there are none. */
export function commonEntries(
  a: KubeVipConfig,
  b: KubeVipConfig,
): readonly [PoolEntry, PoolEntry] | undefined {
  const [left, right] = [rangesOf(a), rangesOf(b)];
  for (let [i, j] = [0, 0]; i < left.length && j < right.length;) {
    const [mine, other] = [left[i], right[j]];
    if (mine === undefined || other === undefined) {
      return undefined;
    }
    if (!endsBefore(mine, other) && !endsBefore(other, mine)) {
      return [mine, other];
    }
    [i, j] = endsBefore(mine, other) ? [i + 1, j] : [i, j + 1];
  }
  return undefined;
}

/** For each config, by name, the others with addresses of its pools: found in one look at all entries in order. */
export function sharersOf(
  configs: readonly KubeVipConfig[],
): ReadonlyMap<string, ReadonlySet<KubeVipConfig>> {
  const entries = configs.flatMap((config) => rangesOf(config).map((range) => ({ config, range })));
  const found = new Map<string, Set<KubeVipConfig>>();
  const note = ({ metadata: { name } }: KubeVipConfig, other: KubeVipConfig): void =>
    void found.set(name, (found.get(name) ?? new Set()).add(other));
  let open: typeof entries = [];
  for (const row of entries.sort((a, b) => inOrder(a.range, b.range))) {
    open = open.filter(({ range }) => !endsBefore(range, row.range));
    for (const { config } of open.filter((other) => other.config !== row.config)) {
      note(config, row.config);
      note(row.config, config);
    }
    open.push(row);
  }
  return found;
}
