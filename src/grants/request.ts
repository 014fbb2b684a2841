// What a person writes into kubevip.dev/addresses.
import { addressValue, type AddressValue } from '../api/address-range.ts';
import { canonicalAddress } from '../api/addresses.ts';

/** One address that is asked for. */
export interface Wanted extends AddressValue {
  /** In canonical form. */
  readonly address: string;
}

/** Either addresses, or half a sentence: what was expected and what was found. */
export type Request =
  | { readonly kind: 'wanted'; readonly wanted: readonly Wanted[] }
  | { readonly kind: 'invalid'; readonly because: string };

const longest = 256;
const most = 4;
const shown = (text: string): string => (text.length > 64 ? `${text.slice(0, 64)}…` : text);

const invalid = (because: string): Request => ({ kind: 'invalid', because });

function wantedOf(text: string): Wanted | undefined {
  const [address, value] = [canonicalAddress(text), addressValue(text)];
  return address !== undefined && value !== undefined ? { address, ...value } : undefined;
}

/** What a text asks for. One address per family; a text beyond 256 characters or four entries is not read. */
export function parseRequest(text: string): Request {
  const parts = text.split(',').map((part) => part.trim());
  if (text.length > longest || parts.length > most) {
    return invalid(`expected at most ${most} addresses in ${longest} characters, found more`);
  }
  const wanted = parts.map(wantedOf);
  const bad = wanted.indexOf(undefined);
  if (bad !== -1) {
    return invalid(`expected literal addresses with commas between, found "${shown(parts[bad] ?? '')}"`);
  }
  const distinct = new Map(wanted.flatMap((row) => (row ? [[row.address, row] as const] : [])));
  const rows = [...distinct.values()];
  const families = new Set(rows.map(({ family }) => family));
  return families.size < rows.length
    ? invalid(
        `expected at most one address per family, found ${rows.map(({ address }) => address).join(' and ')}`,
      )
    : { kind: 'wanted', wanted: rows };
}
