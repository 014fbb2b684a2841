// The proofs of fences that witnesses watch.
import { strangerAnswers, twoNodesAnswer } from '../../src/modes/arp/network.ts';
import { nodesAnswer, outsiderAnswers } from '../../src/status/duplicate-owner.ts';
import { nodeAnswers } from '../../src/status/orphan-address.ts';
import { heardBy, outsider } from '../witness-world.ts';
import { withoutRow, type Proof } from './proof.ts';
import { denied, heardWorld, orphanView } from './witness-cases.ts';

/** One for each such fence. */
export const networkProofs: readonly Proof[] = [
  {
    fence: 'stale-vip-after-crash TwoNodesAnswer',
    world: heardWorld(heardBy('n1', 'n2')),
    told: 'DuplicateOwner',
    without: withoutRow(twoNodesAnswer, nodesAnswer),
  },
  {
    fence: 'vip-in-use-elsewhere StrangerAnswers',
    world: heardWorld({ ...heardBy('n1', outsider), macs: denied }),
    told: 'DuplicateOwner',
    without: withoutRow(strangerAnswers, outsiderAnswers),
  },
  {
    fence: 'orphan-vip-on-delete AddressLeft',
    world: heardWorld(orphanView()),
    told: 'OrphanAddress',
    without: withoutRow(nodeAnswers),
  },
];
