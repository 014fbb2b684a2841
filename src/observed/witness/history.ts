// Who answered for each address, one entry per change. What only looks like a hand-over is none.
import type { OwnerChange } from '../../observed/snapshot.ts';
import type { AddressVerdict, Owner, Witnessed } from './witnessed.ts';

/** Entries that are kept of each address. */
const perAddress = 50;
// One Service after the other may have been odd: the oldest of all go first.
const longest = 500;

/** How an owner is called: its node, else its MAC. */
export const nameOfOwner = ({ node, mac }: Owner): string => node ?? mac;

type Known = Pick<OwnerChange, 'address' | 'owners'>;

const isKnown = ({ kind }: AddressVerdict): boolean => kind !== 'unknown' && kind !== 'moving';

const known = (verdict: AddressVerdict): Known => ({
  address: verdict.address,
  owners: verdict.owners.map(nameOfOwner).toSorted(),
});

/** Addresses of Services are listed while they are odd. One that is no more has the owner of the others. */
function endedIn(
  before: readonly OwnerChange[],
  { verdicts, isProven }: Witnessed,
  holder: string,
): readonly Known[] {
  const addresses = new Set(before.map(({ address }) => address));
  verdicts.forEach(({ address }) => addresses.delete(address));
  return isProven && holder !== '' ? [...addresses].map((address) => ({ address, owners: [holder] })) : [];
}

/** What one component tells of the owners of its addresses. */
export interface OwnersNow {
  readonly holder: string;
  readonly witnessed: Witnessed | undefined;
  /** Of a control plane all are listed, and what is not is not known. */
  readonly listsAll: boolean;
  /** Whether an address that was odd was one of this component. */
  readonly isOwn: (address: string) => boolean;
}

function knownOf(
  before: readonly OwnerChange[],
  { witnessed, holder, listsAll, isOwn }: OwnersNow,
): readonly Known[] {
  if (witnessed === undefined) {
    return [];
  }
  const own = before.filter(({ address }) => isOwn(address));
  return [
    ...witnessed.verdicts.filter(isKnown).map(known),
    ...(listsAll ? [] : endedIn(own, witnessed, holder)),
  ];
}

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.join(' ') === b.join(' ');

/** At most so many entries of each address, and of all. */
function capped(changes: readonly OwnerChange[]): readonly OwnerChange[] {
  const counts = new Map<string, number>();
  return changes
    .filter(({ address }) => {
      const count = (counts.get(address) ?? 0) + 1;
      counts.set(address, count);
      return count <= perAddress;
    })
    .slice(0, longest);
}

/**
 * The history of owners with what is known now, the last change first.
 * @param now milliseconds since the epoch.
 */
export function historyAfter(
  before: readonly OwnerChange[],
  components: readonly OwnersNow[],
  now: number,
): readonly OwnerChange[] {
  const fresh = components
    .flatMap((component) => knownOf(before, component))
    .filter(({ address, owners }) => {
      const last = before.find((row) => row.address === address);
      return last === undefined || !isSame(last.owners, owners);
    })
    .map((row) => ({ ...row, at: { at: now } }));
  return fresh.length === 0 ? before : capped([...fresh, ...before]);
}
