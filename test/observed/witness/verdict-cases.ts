// The table of verdicts, a row per situation.
import type { Evidence } from '../../../src/observed/witness/verdict.ts';
import type { AddressSight, VerdictKind, WitnessStatement } from '../../../src/observed/witness/witnessed.ts';
import { address, macBook, outsider, owner, sight, silent, statement } from '../../witness-world.ts';

/** What a witness on n4 heard. */
export const heard = (
  one: AddressSight,
  by: Partial<WitnessStatement> = {},
): Evidence['hearings'][number] => ({
  statement: statement([one], by),
  sight: one,
});

/** With n1 as the holder for an hour. */
export const evidence = (hearings: Evidence['hearings'], overrides: Partial<Evidence> = {}): Evidence => ({
  address: hearings[0]?.sight.address ?? address,
  holder: 'n1',
  heldMs: 3_600_000,
  leaseMs: 24_000,
  hearings,
  macs: macBook(),
  proxies: new Set(),
  isDenied: () => false,
  reach: undefined,
  wasHeard: true,
  ...overrides,
});

/** A node, or a MAC, that has answered for so long. */
export const fresh = (node: string, sinceMs: number) => owner(node, { sinceMs, lastMs: 0 });
const left = (node: string, lastMs: number) => owner(node, { lastMs });
const denied = { isDenied: () => true };
const v6 = { address: '2001:db8::100' };
const secondMac = '02:00:00:00:01:01';
const twoCards = macBook({ nodes: { [secondMac]: { node: 'n1', interface: 'eth1' } } });

type Row = readonly [sentence: string, kind: VerdictKind, evidence: Evidence];

/** Together they have every kind. */
export const rows: readonly Row[] = [
  ['no witness', 'unknown', evidence([])],
  ['a witness that is silent', 'unknown', evidence([{ statement: silent(), sight: sight(['n1']) }])],
  ['the holder alone', 'one', evidence([heard(sight(['n1']))])],
  [
    'the node of the witness, whose kernel has it',
    'one',
    evidence([heard(sight([owner('n9', { isSelf: true })]), { node: 'n1' })]),
  ],
  ['a holder by its full host name', 'one', evidence([heard(sight(['n1']))], { holder: 'n1.example.org' })],
  [
    'a holder that answers with two cards, as with a bond that is split',
    'one',
    evidence([heard(sight(['n1', secondMac]))], { macs: twoCards }),
  ],
  ['the holder and a node, both for a minute', 'two', evidence([heard(sight(['n1', 'n2']))])],
  [
    'the holder and a node, in the first round of both',
    'moving',
    evidence([heard(sight(['n1', fresh('n2', 0)]))]),
  ],
  [
    'the holder and a node, in the third round of both',
    'two',
    evidence([heard(sight(['n1', fresh('n2', 2000)]))]),
  ],
  [
    'a node that had it until two seconds ago, and the holder',
    'one',
    evidence([heard(sight([left('n2', 2000), fresh('n1', 2000)]))]),
  ],
  ['two nodes while the Lease has no holder', 'two', evidence([heard(sight(['n2', 'n3']))], { holder: '' })],
  ['one node while the Lease has no holder', 'one', evidence([heard(sight(['n2']))], { holder: '' })],
  ['another node for a minute, and the holder not', 'another', evidence([heard(sight(['n2']))])],
  [
    'another node, where the holder took the Lease a moment ago',
    'moving',
    evidence([heard(sight(['n2']))], { heldMs: 2000 }),
  ],
  [
    'another node, heard before the holder took the Lease',
    'moving',
    evidence([heard(sight(['n2']), { ageMs: 5000 })], { heldMs: 6000 }),
  ],
  [
    'a MAC of no node beside the holder, before the nodes were asked',
    'unrecognised',
    evidence([heard(sight(['n1', outsider]))]),
  ],
  [
    'a MAC of no node beside the holder, and the nodes deny it',
    'stranger',
    evidence([heard(sight(['n1', outsider]))], denied),
  ],
  [
    'a MAC of no node in its first round, and the nodes deny it',
    'moving',
    evidence([heard(sight(['n1', fresh(outsider, 0)]))], denied),
  ],
  [
    'a MAC of no node alone, before the nodes were asked',
    'unrecognised',
    evidence([heard(sight([outsider]))]),
  ],
  ['a MAC of no node alone, and the nodes deny it', 'stranger', evidence([heard(sight([outsider]))], denied)],
  [
    'an outsider before there is a holder',
    'stranger',
    evidence([heard(sight([outsider]))], { ...denied, holder: '' }),
  ],
  [
    'a network card that was changed, until its node has told',
    'unrecognised',
    evidence([heard(sight(['02:bb:bb:bb:bb:bb']))]),
  ],
  [
    'a router that answers for every address, beside the holder',
    'one',
    evidence([heard(sight(['n1', outsider]))], { ...denied, proxies: new Set([outsider]) }),
  ],
  [
    'a router that answers for every address, alone',
    'unknown',
    evidence([heard(sight([outsider]))], { ...denied, proxies: new Set([outsider]) }),
  ],
  ['nothing, for the time of a hand-over', 'moving', evidence([heard(sight([], { silentMs: 2500 }))])],
  ['nothing, for longer', 'nobody', evidence([heard(sight([], { silentMs: 7000 }))])],
  [
    'nothing, for most of a short Lease',
    'nobody',
    evidence([heard(sight([], { silentMs: 3000 }))], { leaseMs: 5000 }),
  ],
  [
    'nothing at one witness, and the holder at the other',
    'one',
    evidence([heard(sight([])), heard(sight(['n1']), { node: 'n5' })]),
  ],
  ['a witness that has not asked yet', 'moving', evidence([heard(sight([], { silentMs: undefined }))])],
  [
    'one node at one witness and another at the other, for a minute',
    'two',
    evidence([heard(sight(['n1'])), heard(sight(['n2']), { node: 'n5' })]),
  ],
  [
    'one node at one witness, and another at the other a moment later',
    'moving',
    evidence([heard(sight(['n1']), { ageMs: 4000 }), heard(sight([fresh('n2', 1000)]), { node: 'n5' })]),
  ],
  [
    'silence at IPv6, where the operator hears it: a card that filters multicast',
    'unknown',
    evidence([heard(sight([], v6))], { reach: 'alive' }),
  ],
  [
    'silence at IPv6, where nothing ever answered',
    'unknown',
    evidence([heard(sight([], v6))], { wasHeard: false }),
  ],
  ['silence at IPv6, where something answered before', 'nobody', evidence([heard(sight([], v6))])],
  [
    'silence at IPv6, where the operator hears nothing either',
    'nobody',
    evidence([heard(sight([], v6))], { wasHeard: false, reach: 'silent' }),
  ],
];
