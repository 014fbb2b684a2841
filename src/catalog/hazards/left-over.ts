// Hazards of addresses that stay where they should go, or go where they should stay.
import { cel, policy, preflight, upstream, watched, type Hazard } from './row.ts';

/** Ways in which an address stays on a node that lost it, or a clean-up takes one that the node should keep. */
export const leftOverHazards: readonly Hazard[] = [
  {
    id: 'stale-vip-after-crash',
    breaks:
      'kube-vip is killed or hangs while it has an address. The address stays, and the next leader adds it too.',
    settings: 'none, but kill -9, out of memory, a kubelet that is down or a process that is stopped',
    versions: 'all, reported for v0.7.2 to v1.2.3',
    evidence: [
      ...upstream(996, 1005, 1418, 1579, 1775),
      'harvester/harvester#7293',
      'lab run, v1.1.2: two owners as long as the process is stopped. With witnesses and spec.remedy RestartPod they ended after 5 to 11 s, once after 21 s on a busy machine, with each of v0.6.4, v0.8.7, v0.8.9, v1.0.4, v1.1.2 and v1.2.3',
    ],
    fences: [
      watched('LeaseStale', 'The holder does not renew its Lease.'),
      watched('HolderWithoutPod', 'The node of the holder runs no pod of ours.'),
      watched('HolderNotReady', 'The pod of the holder is not ready.'),
      watched(
        'NotLetGo',
        'Another node took the Lease. The kube-vip of the former holder has neither ended in order nor started again.',
      ),
      watched(
        'TwoNodesAnswer',
        'Witnesses hear both nodes. With spec.remedy RestartPod the operator ends the pod of the one that does not hold the Lease.',
      ),
    ],
    notCovered:
      'Where no witness can run and the node of a former holder does not report, Ready says that its state is not known, and an address that stays for another reason is not seen. While a kubelet is down, the operator cannot end the pod. Status has the command for the node. kube-vip removes a control-plane address when it starts again, and leaves that of a Service. When the Service is deleted meanwhile, its address is given to no other before the network says that no node has it.',
  },
  {
    id: 'orphan-vip-on-delete',
    breaks: 'A Service is deleted, its type changes, or the DaemonSet goes, and the address stays bound.',
    settings: 'Service deleted, type changed, kube-vip removed',
    versions:
      'v0.6.4, v0.8.7 and v0.8.9 when a control-plane pod ends, v0.6.4 and v0.8.0 when a Service is deleted, all when its type changes',
    evidence: [
      ...upstream(361, 835, 936, 1700),
      'lab run, pods only ended: v0.6.4 and v0.8.7 8 of 8, v0.8.9 6 of 8, v0.8.10 and v1.0.3 none',
      'lab run, v1.1.2: a request was taken back within 0.1 s of its grant, and the type changed before kube-vip had published the address. It stayed on the node',
      'lab run, v0.6.4 and v1.1.2: the pod of the holder was killed, its kubelet was down, its Service was deleted, and another node led. The address was granted to the next Service, and two nodes had it. Since the operator asks on the network first, one node has it, and the Service waits',
      'pkg/arp/arp.go@v1.1.2',
      'lab run, v1.1.2, on a busy machine: a Service was deleted, and the loop of kube-vip that announces put its address back 0.9 s later. It stayed on that node when another one led, and the operator granted it to no other',
      'lab run, Lease taken first: no address left by any of the 17 releases',
      'lab run, v0.6.4, v0.8.7, v1.0.4 and v1.1.2: the type of a Service changed, and its address stayed until the pod of its node ended. When the Service was deleted while the process was stopped, it stayed after the next start, too',
    ],
    fences: [
      cel('The release that the report is about is refused.', 'v0.8.0-is-avoided'),
      watched('OpenReport', 'v0.6.4, v0.8.7 and v0.8.9 have the condition KnownHazard.'),
      watched(
        'Deleting',
        'A deletion takes the control-plane Lease first, so that kube-vip takes the address off. It ends when no node answers for the address. Where no kube-vip has led yet, the operator makes the Lease, so that none ever leads.',
      ),
      watched('DeletionOverdue', 'The condition names an address that still answers, and what to do.'),
      watched(
        'Removing',
        'A control plane leaves in the same way when it is taken out, when its address or interface changes, when v0.6.4, v0.8.7 or v0.8.9 is left for another release, and when another KubeVipConfig has its address.',
      ),
      watched('RemovalOverdue', 'The condition says the same while the KubeVipConfig stays.'),
      watched(
        'NotLetGo',
        'A pod of such a release ended on the node that had led, another node leads, and the next pod there has not started.',
      ),
      watched(
        'AddressLeft',
        'Witnesses ask for an address for an hour more when nothing claims it any longer. The condition OrphanAddress names the node that has it, and status.orphans the command that takes it off.',
      ),
      policy(
        'service-grants',
        'The type of a Service that has an address stays. A deletion is always allowed.',
      ),
      policy(
        'service-features',
        'The same holds in a class of another name, as long as the Service publishes an address. The operator takes no grant away before that.',
      ),
    ],
    notCovered:
      'The operator asks on the network before each grant, and grants no address for which a machine answers. With --probe-addresses off it does not ask. With these releases a pod may leave the address behind when it ends in another way, for example by a drain or another node selector. Status says so while another node leads and the next pod there has not started. A KubeVipConfig whose finalizer is taken off by hand leaves the address, too. It is seen only while another KubeVipConfig with witnesses exists.',
  },
  {
    id: 'gc-prefix-blind',
    breaks:
      'kube-vip cleans up by address and ignores the prefix, so it deletes the address of the node itself.',
    settings: 'an address that the node has with another prefix',
    versions: 'v0.6.4 for spec.loadBalancerIP, v0.7.0 and later',
    evidence: ['pkg/vip/address.go@v0.7.0', 'pkg/vip/address.go@v1.2.3', 'lab run, v0.7.2'],
    fences: [
      cel(
        'v0.7 cleans up at every change of a Service. It is refused.',
        'v0.7.0-is-avoided',
        'v0.7.1-is-avoided',
        'v0.7.2-is-avoided',
      ),
      preflight('vip-is-node-address', 'The check finds a control-plane address that a node has.'),
      preflight(
        'service-status-has-node-address',
        'The check finds a Service that publishes an address of a node.',
      ),
    ],
    notCovered:
      'A status may get an address of a node while kube-vip runs. v0.8.7 and v0.8.10 then do the same for Services of our class, and later releases do it when addresses change.',
  },
];
