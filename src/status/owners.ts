// What status says of the network: who answers, who did, and what was done about it.
import { statusFields } from '../api/metadata.ts';
import type { KubeVipConfigStatus } from '../api/types.ts';
import type { Component } from '../observed/component.ts';
import type { Remedied } from '../observed/snapshot.ts';
import type { AddressVerdict } from '../observed/witness/witnessed.ts';
import { remedyOf } from '../plan/plan.ts';
import type { StatusInput } from './input.ts';

type Row = NonNullable<NonNullable<KubeVipConfigStatus['controlPlane']>['owners']>[number];

const mostOwners = 20;
const mostChanges = 10;
const mostRemedies = 10;
type Known = Omit<Row, 'since'>;

/** Since when, as the status has it where it is the same: a time of the operator's own clock. */
function since(row: Known, before: readonly Row[], now: string): string {
  const same = before.find(
    (old) => old.address === row.address && old.node === row.node && old.mac === row.mac,
  );
  return same?.since ?? now;
}

function rowsOf({ address, kind, owners }: AddressVerdict): readonly Known[] {
  return kind === 'nobody'
    ? [{ address }]
    : owners.map(({ node, mac }) => (node === undefined ? { address, mac } : { address, node, mac }));
}

/** Who answers for the addresses of a component; what no witness can tell is left out. */
export function ownerStatus(
  { kind, witnessed }: Component,
  last: KubeVipConfigStatus | undefined,
  now: string,
): { readonly owners?: readonly Row[] } {
  const before = last?.[statusFields[kind]]?.owners ?? [];
  const owners = (witnessed?.verdicts ?? [])
    .filter((verdict) => verdict.kind !== 'unknown')
    .flatMap(rowsOf)
    .slice(0, mostOwners)
    .map((row) => ({ ...row, since: since(row, before, now) }));
  return owners.length === 0 ? {} : { owners };
}

/** What was done about second owners, with what this pass did, the last first. */
export function remediesAfter({
  observed: { snapshot },
  plan,
}: Pick<StatusInput, 'observed' | 'plan'>): readonly Remedied[] {
  const fresh = remedyOf(plan).flatMap(({ component, node, addresses }) =>
    addresses.map((address) => ({ component, address, node, at: { at: snapshot.now } })),
  );
  return [...fresh, ...snapshot.remedies].slice(0, mostRemedies);
}

/** The last changes of owner, and the last pods that were deleted because of one. */
export function historyStatus(input: StatusInput): Pick<KubeVipConfigStatus, 'history' | 'remedies'> {
  const { observed, now } = input;
  const history = observed.ownerHistory
    .slice(0, mostChanges)
    .map(({ address, at, owners }) => ({ address, at: at.text ?? now, owners: [...owners] }));
  const remedies = remediesAfter(input).map(({ component, address, node, at }) => ({
    function: component,
    address,
    node,
    at: at.text ?? now,
  }));
  return { ...(history.length > 0 && { history }), ...(remedies.length > 0 && { remedies }) };
}
