// What status says of what witnesses hear on the network.
import { kubeVipConfig, lease, now, pod, snapshot } from '../builders.ts';
import { node } from '../cluster-builders.ts';
import { lost, moved } from '../modes/arp/former-cases.ts';
import {
  address,
  group,
  heardBy,
  macBook,
  macOf,
  outsider,
  owner,
  sight,
  silent,
  statement,
  witnessView,
} from '../witness-world.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import type { WitnessView } from '../../src/observed/witness/witnessed.ts';
import type { Row } from './preflight-cases.ts';

const alone = kubeVipConfig({ spec: { services: undefined } });
const onlyServices = kubeVipConfig({ spec: { controlPlane: undefined, services: {} } });
/** Five nodes. */
export const nodes = ['n1', 'n2', 'n3', 'n4', 'n5'].map((name) => node({ name }));
const look =
  'See kubectl -n kube-vip-system describe daemonsets,pods -l kubevip.dev/witness, and the logs of these pods';
const silentRow = `Nothing is known from the witness on n4 (it has been silent for more than 10 s). ${look}`;

/** A control plane that n1 holds, and what the witnesses hear. */
export const heardWorld = (witness: WitnessView, overrides: Partial<Snapshot> = {}): Snapshot =>
  snapshot({ config: alone, nodes, witness, ...overrides });

/** The nodes were asked whose the MAC is, and have all said since that it is not theirs. */
export const denied = macBook({
  asked: { [outsider]: now - 5000 },
  toldAt: { n1: now - 3000, n2: now - 3000, n3: now - 3000 },
});
const strangers = (...owners: readonly string[]): WitnessView => ({ ...heardBy(...owners), macs: denied });

const classView = (overrides: Parameters<typeof group>[0], by: Partial<WitnessView> = {}): WitnessView =>
  witnessView([statement([], { groups: [group(overrides)] })], by);
const served = (witness: WitnessView): Snapshot => snapshot({ config: onlyServices, nodes, witness });
const odd = (of: string, ...owners: Parameters<typeof sight>[0]) =>
  sight(owners, { address: of, roundMs: 4000 });

/** n3 answers for 203.0.113.66, which nothing claims. */
export const orphanView = (overrides: Partial<WitnessView> = {}, revision = ['203.0.113.66']): WitnessView =>
  witnessView(
    [
      statement([sight(['n1'])], {
        former: {
          ...group({ name: 'orphans', count: 1, owners: [{ mac: macOf('n3'), count: 1 }] }),
          addresses: revision,
        },
      }),
    ],
    { former: [{ address: '203.0.113.66', sinceMs: 20_000 }], ...overrides },
  );

const tail =
  'kubectl -n kube-vip-system delete pod edge-control-plane-n2 --grace-period=1, unless spec.remedy lets the operator do it. When it answers still, take it off on n2 with ip address delete 203.0.113.100/32 dev eth0.';

export const witnessRows: readonly Row[] = [
  [
    'rests on the witnesses, and says so',
    heardWorld(heardBy('n1'), {
      operatorNode: 'n1',
      reach: [{ address, port: 6443, state: 'alive', detail: '' }],
    }),
    'Ready',
    'True Held: 203.0.113.100 on n1. The witnesses on n4, n5 hear n1 alone.',
  ],
  [
    'says that a witness is silent',
    heardWorld(witnessView([silent(), statement([sight(['n1'])], { node: 'n5' })])),
    'Ready',
    `True Held: 203.0.113.100 on n1. The witness on n5 hears n1 alone. ${silentRow}.`,
  ],
  [
    'says that nothing is known while all witnesses are silent',
    heardWorld(witnessView([silent()])),
    'Ready',
    `True Held: 203.0.113.100 on n1. It is not known who answers for 203.0.113.100: no witness answers. ${silentRow}.`,
  ],
  [
    'says nothing of witnesses where spec.witness is Off',
    heardWorld(heardBy('n2'), { witness: undefined }),
    'Ready',
    'True Held: 203.0.113.100 on n1.',
  ],
  [
    'says that two nodes answer',
    heardWorld(heardBy('n1', 'n2')),
    'DuplicateOwner',
    `True TwoNodesAnswer: 203.0.113.100: n1 and n2 answer for it. Expected n1 alone, which holds Lease edge-control-plane, found n1, n2. The witnesses on n4, n5 hear all of them. Run ${tail}`,
  ],
  [
    'is not ready while two nodes answer',
    heardWorld(heardBy('n1', 'n2')),
    'Ready',
    'False TwoNodesAnswer: 203.0.113.100: n1 and n2 answer for it.',
  ],
  [
    'says nothing of two owners within a hand-over',
    heardWorld(heardBy('n1', owner('n2', { sinceMs: 500 }))),
    'DuplicateOwner',
    'absent',
  ],
  ['stays ready meanwhile', heardWorld(heardBy('n1', owner('n2', { sinceMs: 500 }))), 'Ready', 'True Held'],
  [
    'says that a stranger answers beside the holder',
    heardWorld(strangers('n1', outsider)),
    'DuplicateOwner',
    `True StrangerAnswers: 203.0.113.100: ${outsider}, which no node has, answers for it, as n1 does. Expected n1 alone, which holds Lease edge-control-plane, found a machine with MAC ${outsider}. The nodes were asked again, and none of them has this MAC. The witnesses on n4, n5 hear it. Look for ${outsider} in the address table of the switch, and take 203.0.113.100 off that machine.`,
  ],
  [
    'says it too where the stranger was there before any holder',
    heardWorld(strangers(outsider), { leases: [] }),
    'DuplicateOwner',
    `True StrangerAnswers: 203.0.113.100: ${outsider}, which no node has, answers for it. Expected no node, because no node holds Lease edge-control-plane, found a machine`,
  ],
  [
    'names the MAC of a virtual router as that',
    heardWorld({
      ...heardBy('n1', '00:00:5e:00:01:0a'),
      macs: macBook({ asked: { '00:00:5e:00:01:0a': now - 5000 }, toldAt: { n1: now, n2: now, n3: now } }),
    }),
    'DuplicateOwner',
    'True StrangerAnswers: 203.0.113.100: 00:00:5e:00:01:0a, which no node has, answers for it, as n1 does. Expected n1 alone, which holds Lease edge-control-plane, found a machine with MAC 00:00:5e:00:01:0a. The nodes were asked again, and none of them has this MAC. It is the MAC of a virtual router (VRRP).',
  ],
  [
    'accuses nobody before the nodes were asked again',
    heardWorld(heardBy('n1', outsider)),
    'DuplicateOwner',
    'absent',
  ],
  [
    'says which MAC no node has told',
    heardWorld(heardBy('n1', outsider)),
    'Ready',
    `True Held: 203.0.113.100 on n1. ${outsider} answers for 203.0.113.100, and no node has told yet that it has this MAC.`,
  ],
  [
    'says that another node than the holder answers',
    heardWorld(heardBy('n2')),
    'DuplicateOwner',
    `True AnotherAnswers: 203.0.113.100: n2 answers for it, and n1 does not, though it holds the Lease. Expected n1, which holds Lease edge-control-plane, found n2. The witnesses on n4, n5 hear n2 alone. Look at the log of the kube-vip pod on n1, which should have the address. Run ${tail}`,
  ],
  [
    'says that no machine answers',
    heardWorld(heardBy()),
    'Ready',
    'False AddressSilent: 203.0.113.100: no machine answers for it, though n1 holds the Lease. Expected n1, which holds Lease edge-control-plane, found that no machine answers on the network. The witnesses on n4, n5 hear nothing. Look for 203.0.113.100 on n1 with ip address show, and at the log of pod edge-control-plane-n1.',
  ],
  [
    'says that one witness hears what another does not',
    heardWorld(witnessView([statement([sight([])]), statement([sight(['n1'])], { node: 'n5' })])),
    'Ready',
    'True Held: 203.0.113.100 on n1. The witnesses on n4, n5 hear n1 alone. The witness on n4 hears no answer for 203.0.113.100, and another does. Look at the network between them.',
  ],
  [
    'believes the network where a kubelet says that a former holder hangs',
    { ...moved({ formerHolders: lost(9) }), witness: heardBy('n2') },
    'DuplicateOwner',
    'absent',
  ],
  [
    'says what the kubelet says where no witness can tell',
    { ...moved({ formerHolders: lost(9) }), witness: witnessView([silent()]) },
    'DuplicateOwner',
    'True NotLetGo',
  ],
  [
    'hears the holder for all Services',
    served(classView({})),
    'Ready',
    'True Held: class kubevip.dev/edge on n1. The witness on n4 hears n1 alone.',
  ],
  [
    'says that two nodes answer for the address of a Service',
    served(classView({ odd: [odd('203.0.113.70', 'n1', owner('n3', { sinceMs: 5000 }))] })),
    'DuplicateOwner',
    'True TwoNodesAnswer: 203.0.113.70: n1 and n3 answer for it. Expected n1 alone, which holds Lease edge-services,',
  ],
  [
    'says that no machine answers for the address of a Service, and stays ready',
    served(classView({ odd: [odd('203.0.113.70')] })),
    'Ready',
    'True Held: class kubevip.dev/edge on n1. No machine answers for the Service address 203.0.113.70.',
  ],
  [
    'says that another node has an address that its Service left',
    heardWorld(orphanView()),
    'OrphanAddress',
    'True AddressLeft: 203.0.113.66: n3 answers for it, and nothing claims it. Expected no machine to answer for an address that no Service and no KubeVipConfig has, found n3 with it on eth0. Run on n3: ip address delete 203.0.113.66/32 dev eth0. Or give the address to a Service again.',
  ],
  [
    'gives kube-vip time to take it off',
    heardWorld(orphanView({ former: [{ address: '203.0.113.66', sinceMs: 3000 }] })),
    'OrphanAddress',
    'absent',
  ],
  [
    'says nothing of an address that a witness is not asked for yet',
    heardWorld(orphanView({}, [])),
    'OrphanAddress',
    'absent',
  ],
  [
    'says nothing of one that a machine outside has',
    heardWorld(orphanView({ macs: { ...macBook(), nodes: {} } })),
    'OrphanAddress',
    'absent',
  ],
  [
    'rests on the Lease where it names nobody',
    heardWorld(heardBy('n1'), { leases: [lease({ holder: '' })] }),
    'Ready',
    'False NoHolder',
  ],
  [
    'tells a person to take the address off where no pod of ours is there',
    heardWorld(heardBy('n1', 'n5'), { pods: [pod()] }),
    'DuplicateOwner',
    'True TwoNodesAnswer: 203.0.113.100: n1 and n5 answer for it. Expected n1 alone, which holds Lease edge-control-plane, found n1, n5. The witnesses on n4, n5 hear all of them. Take it off on n5 with ip address delete 203.0.113.100/32 dev eth0.',
  ],
];
