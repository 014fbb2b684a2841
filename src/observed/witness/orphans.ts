// Addresses that a node answers for and nothing claims: kube-vip took none of them off when its Service changed or went.
import { poolsOf } from '../../api/defaults.ts';
import type { KubeVipConfig } from '../../api/types.ts';
import { contains } from '../../observed/addresses.ts';
import type { Snapshot } from '../../observed/snapshot.ts';
import { answerersOf, isCurrent, type Hearing } from './sights.ts';
import type { FormerSight, Orphan, Owner, WitnessView } from './witnessed.ts';

/** How long kube-vip may take to take an address off, where it does so at all. */
export const orphanGraceMs = 10_000;

function sightIn(former: FormerSight, address: string): Hearing['sight'] | undefined {
  const odd = former.odd.find((row) => row.address === address);
  const [common] = former.owners.toSorted((a, b) => b.count - a.count);
  const isWhole = (common?.count ?? 0) + former.odd.length >= former.count && former.more === 0;
  if (odd !== undefined || common === undefined || !isWhole || !former.addresses.includes(address)) {
    return odd;
  }
  // What is not odd has the owner that the most have.
  const owners = [{ mac: common.mac, sinceMs: 0, lastMs: 0, isSelf: false }];
  return { address, owners, silentMs: undefined, roundMs: 0 };
}

const hasPoolWith = (config: KubeVipConfig, address: string): boolean =>
  poolsOf(config).some(({ addresses }) => addresses.some((range) => contains(range, address)));

/** The one KubeVipConfig that tells of an orphan: whose pools have it, else the first of those with Services. */
function isTeller({ config, configs }: Snapshot, address: string): boolean {
  const sorted = configs.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const serving = sorted.filter(({ spec }) => spec.services !== undefined);
  const teller = serving.find((row) => hasPoolWith(row, address)) ?? serving[0] ?? sorted[0];
  return teller?.metadata.name === config.metadata.name;
}

function ownersOf(view: WitnessView, address: string): readonly Owner[] {
  const hearings = view.statements.flatMap((statement) => {
    const sight = statement.former && sightIn(statement.former, address);
    return sight && statement.trouble === '' ? [{ statement, sight }] : [];
  });
  return answerersOf(hearings, view.macs)
    .filter(isCurrent)
    .map(({ owner }) => owner);
}

/** What answers for the former addresses of which this KubeVipConfig tells. */
const leftOvers = (
  view: WitnessView,
  snapshot: Snapshot,
): readonly { readonly address: string; readonly owner: Owner }[] =>
  view.former
    .filter(({ address, sinceMs }) => sinceMs >= orphanGraceMs && isTeller(snapshot, address))
    .flatMap(({ address }) => ownersOf(view, address).map((owner) => ({ address, owner })));

/** The former addresses for which a node of the cluster still answers, and of which this KubeVipConfig tells. */
export const orphansOf = (view: WitnessView, snapshot: Snapshot): readonly Orphan[] =>
  leftOvers(view, snapshot).flatMap(({ address, owner: { node, interface: nic } }) =>
    node === undefined ? [] : [{ address, node, interface: nic }],
  );

/** MACs that answer for such an address and that no node has told: it may be one of a node all the same. */
export const unknownAtFormer = (view: WitnessView, snapshot: Snapshot): readonly string[] =>
  leftOvers(view, snapshot).flatMap(({ owner: { node, mac } }) => (node === undefined ? [mac] : []));
