// What status says of a node on which a pod ended that leaves the address behind, as v0.6.4, v0.8.7 and v0.8.9 do.
import type { FormerHolder } from '../../../src/observed/snapshot.ts';
import { daemonSet, kubeVipConfig } from '../../builders.ts';
import type { Row } from '../../status/preflight-cases.ts';
import { endedWith, lost, moved, restarted, starting, withContainer } from './former-cases.ts';

/** n1 had the Lease, with v0.6.4, and lost it some seconds ago. */
export const left = (seconds: number): readonly FormerHolder[] =>
  lost(seconds).map((row) => ({ ...row, version: 'v0.6.4' }));
const saysLeft =
  '203.0.113.100: n1 may still have it, though n2 holds the Lease. n1 held the Lease before and was not seen to let the address go. ' +
  'Its pod ended, and kube-vip v0.6.4 may leave the address behind then. Both nodes may answer until the next kube-vip pod there starts, which takes it off. ' +
  'See kubectl -n kube-vip-system get pods -o wide for why none starts on n1. Or take the address off there with ip address del, then run kubectl annotate --overwrite kubevipconfig edge kubevip.dev/abandon=n1.';
const givenUp = kubeVipConfig({
  spec: { services: undefined },
  metadata: { annotations: { 'kubevip.dev/abandon': 'n1' } },
});

export const leftRows: readonly Row[] = [
  [
    'stays ready for a moment after a pod ended that leaves the address behind',
    moved({ wasReady: true, formerHolders: left(2), a: starting }),
    'Ready',
    'True Held: 203.0.113.100 on n2.',
  ],
  [
    'then two nodes may have it',
    moved({ wasReady: true, formerHolders: left(3), a: starting }),
    'Ready',
    `False NotLetGo: ${saysLeft}`,
  ],
  [
    'also where the container ended in order',
    moved({ wasReady: true, formerHolders: left(3), a: withContainer('n1', 'a', endedWith(0)) }),
    'DuplicateOwner',
    `True NotLetGo: ${saysLeft}`,
  ],
  [
    'also where the node is to have no pod any more',
    moved({ wasReady: true, formerHolders: left(3), a: null, daemonSets: [daemonSet({ desired: 1 })] }),
    'DuplicateOwner',
    `True NotLetGo: ${saysLeft}`,
  ],
  [
    'which ends when the next kube-vip there has started',
    moved({ formerHolders: left(3), ...restarted }),
    'Ready',
    'True Held: 203.0.113.100 on n2.',
  ],
  [
    'or when a person gives up on the node',
    moved({ config: givenUp, formerHolders: left(3), a: starting }),
    'Ready',
    'True Held: 203.0.113.100 on n2.',
  ],
  [
    'knows the hazard of the release that ran while its address may be there',
    moved({ wasReady: true, formerHolders: left(2), a: starting }),
    'KnownHazard',
    'True OpenReport: v0.6.4 may have left 203.0.113.100 on n1. A pod of this release may leave the address on its node when it ends. Look on n1 with ip address show. The next kube-vip pod there takes the address off when it starts.',
  ],
  [
    'and forgets it when the next kube-vip there has started',
    moved({ formerHolders: left(3), ...restarted }),
    'KnownHazard',
    'absent',
  ],
];
