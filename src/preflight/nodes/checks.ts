// What the nodes themselves are checked for, a row each. They judge what a run of the probe brought. checks/nodes.ts makes
// checks of the live cluster of them.
import type { Check } from '../checks/check.ts';
import { takenByOthers } from './addresses.ts';
import { hostNamesAreOwn } from './host-names.ts';
import {
  addressIsHost,
  apiAnswers,
  apiIsFast,
  clocksAgree,
  everyNodeAnswered,
  everyNodeTellsAll,
  interfaceIsEverywhere,
  interfaceIsSomewhere,
  portsAreFree,
  someNodeWasAsked,
  subnetHasAddress,
  type Judge,
} from './judges.ts';

/** One question about the nodes of a component, and how their answers are judged. */
export interface NodeCheck extends Omit<Check, 'find'> {
  readonly judge: Judge;
}

/** In the order in which they are reported. */
export const nodeChecks: readonly NodeCheck[] = [
  {
    id: 'address-is-unused',
    question: 'Is the address free: on no node, and without an answer on the network?',
    severity: 'blocks',
    judge: takenByOthers,
    remedy: 'take the address from the host that has it, or choose another',
    links: ['vip-in-use-elsewhere', 'two-installs-same-vip', 'orphan-vip-on-delete'],
  },
  {
    id: 'interface-somewhere',
    question: 'Does at least one selected node have the interface, and is it up?',
    severity: 'blocks',
    judge: interfaceIsSomewhere,
    remedy: 'correct the interface in the spec, or bring it up',
    links: ['wrong-interface-name', 'interface-not-up'],
  },
  {
    id: 'interface-everywhere',
    question: 'Do all selected nodes have the interface, and is it up?',
    severity: 'warns',
    judge: interfaceIsEverywhere,
    remedy: 'bring it up or rename it there, or select other nodes. kube-vip does not start without it',
    links: ['wrong-interface-name', 'interface-not-up'],
  },
  {
    id: 'subnet-has-address',
    question: 'Is the address in a subnet of the interface on every selected node?',
    severity: 'warns',
    judge: subnetHasAddress,
    remedy:
      'choose an address of that subnet, the interface that has it, or other nodes. No neighbour asks for it there',
    links: ['interface-autodetect-multi-nic'],
  },
  {
    id: 'address-is-subnet-end',
    question:
      'Is the address one that a host can have, and not the network or broadcast address of a subnet?',
    severity: 'blocks',
    holds: 'control-plane',
    judge: addressIsHost,
    remedy: 'choose another address of that subnet, because no host is reached by this one',
    links: [],
  },
  {
    id: 'ports-are-free',
    question: 'Are the ports of kube-vip free on every selected node?',
    severity: 'warns',
    judge: portsAreFree,
    remedy:
      'stop that program there, or select other nodes. Up to v0.8.9 kube-vip ends, and later releases have no metrics',
    links: ['prometheus-port-clash'],
  },
  {
    id: 'api-answers-nodes',
    question: 'Does the API server that kube-vip will use answer every selected node?',
    severity: 'warns',
    judge: apiAnswers,
    remedy: "start it there, let it listen on the node's address, or select other nodes",
    links: ['unhealthy-apiserver-leader'],
  },
  {
    id: 'api-is-fast',
    question: 'Does the API server answer every selected node within the retry period of the election?',
    severity: 'warns',
    judge: apiIsFast,
    remedy: 'find out what slows it down, or make the timings of spec.leaderElection longer',
    links: ['lease-too-short'],
  },
  {
    id: 'clocks-agree',
    question: 'Are the clocks of the selected nodes within the renew deadline of each other?',
    severity: 'warns',
    judge: clocksAgree,
    remedy: 'set the clock there, for example by NTP',
    links: [],
  },
  {
    id: 'nodes-call-themselves-alike',
    question: 'Before v0.8.0: does each node call itself by a host name of its own, whatever the case?',
    severity: 'blocks',
    judge: hostNamesAreOwn,
    remedy: 'rename a node, or choose spec.version v0.8.0 or later, which leads under the name of the Node',
    links: ['same-identity-two-nodes'],
  },
  {
    id: 'node-tells-all',
    question: 'Did every node that answered tell all that checks judge by?',
    severity: 'warns',
    judge: everyNodeTellsAll,
    remedy:
      'see that the probe has the image of the operator (--probe-image), and look at its pod there. Or look at the node yourself and acknowledge this',
    links: [],
  },
  {
    id: 'some-node-was-asked',
    question: 'Could any node be asked?',
    severity: 'warns',
    judge: (evidence) => (evidence.spec.nodeProbe === 'BestEffort' ? someNodeWasAsked(evidence) : []),
    remedy: 'look at that DaemonSet, or set spec.preflight.nodeProbe to Off',
    links: [],
  },
  {
    id: 'every-node-answered',
    question: 'Did every selected node answer?',
    severity: 'warns',
    judge: (evidence) => (evidence.spec.nodeProbe === 'BestEffort' ? everyNodeAnswered(evidence) : []),
    remedy: 'look at the pods of that DaemonSet. It is made again after a while',
    links: [],
  },
  {
    id: 'required-nodes-answered',
    question: 'With nodeProbe Required: did every selected node answer?',
    severity: 'blocks',
    judge: (evidence) =>
      evidence.spec.nodeProbe === 'Required'
        ? [...someNodeWasAsked(evidence), ...everyNodeAnswered(evidence)]
        : [],
    remedy:
      'look at that DaemonSet, or set spec.preflight.nodeProbe to BestEffort. It is made again after a while',
    links: [],
  },
];
