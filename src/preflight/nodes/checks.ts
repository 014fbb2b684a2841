// What the nodes themselves are checked for, a row each. They judge what a run of the probe brought; checks/nodes.ts
// makes checks of the live cluster of them.
import { familyOf, hostPrefix } from '../../api/addresses.ts';
import type { NodeReport } from '../../api/node-report.ts';
import type { Check, Finding } from '../checks/check.ts';
import { contains } from '../../observed/addresses.ts';
import { nobodyElseAnswers } from './addresses.ts';
import { clocksAgree } from './clocks.ts';
import {
  addressesOf,
  interfaceName,
  listOf,
  partOf,
  reported,
  together,
  working,
  type NodeEvidence,
} from './evidence.ts';
import { everyNodeAnswered, someNodeWasAsked } from './silence.ts';

export interface NodeCheck extends Omit<Check, 'find'> {
  readonly judge: (evidence: NodeEvidence) => readonly Finding[];
}

type Judge = NodeCheck['judge'];

function interfaceTrouble({ interface: found, otherInterfaces }: NodeReport): string | undefined {
  if (found === undefined) {
    return `none of that name (there are ${listOf(otherInterfaces) || 'no others'})`;
  }
  return found.isUp ? undefined : `${found.name} down`;
}

const expectedInterface = (evidence: NodeEvidence): string =>
  `${interfaceName(evidence)}, up, for ${partOf(evidence)}`;

function interfaceTroubles(evidence: NodeEvidence): readonly Finding[] {
  const rows = reported(evidence).flatMap(({ node, report }) => {
    const trouble = interfaceTrouble(report);
    return trouble === undefined ? [] : [[node, trouble] as const];
  });
  return together(expectedInterface(evidence), rows);
}

const isNowhere = (evidence: NodeEvidence): boolean =>
  reported(evidence).length > 0 && working(evidence).length === 0;

const interfaceIsSomewhere: Judge = (evidence) => (isNowhere(evidence) ? interfaceTroubles(evidence) : []);
const interfaceIsEverywhere: Judge = (evidence) => (isNowhere(evidence) ? [] : interfaceTroubles(evidence));

const subnetHasAddress: Judge = (evidence) =>
  addressesOf(evidence).flatMap((address) => {
    // On the node that holds it the address is there itself, as a host route.
    const own = `${address}/${hostPrefix(familyOf(address) ?? 'IPv4')}`;
    const rows = working(evidence).flatMap(({ node, nic }) => {
      const subnets = nic.subnets.filter((subnet) => subnet !== own);
      return subnets.some((subnet) => contains(subnet, address))
        ? []
        : [[node, `${nic.name} with ${listOf(subnets) || 'no address'}`] as const];
    });
    return together(`a subnet with ${address} on the interface of ${partOf(evidence)}`, rows);
  });

const portsAreFree: Judge = (evidence) =>
  together(
    `the port of kube-vip's metrics free`,
    reported(evidence).flatMap(({ node, report }) =>
      report.takenPorts.map((port) => [node, `another program on port ${port}`] as const),
    ),
  );

const apiAnswers: Judge = (evidence) =>
  together(
    'an answer of the API server that kube-vip will use',
    reported(evidence).flatMap(({ node, report }) =>
      report.apiError === undefined ? [] : [[node, report.apiError] as const],
    ),
  );

const apiIsFast: Judge = (evidence) => {
  const limit = evidence.spec.election.retryPeriodSeconds * 1000;
  return together(
    `every answer of the API server within spec.leaderElection.retryPeriodSeconds (${limit} ms)`,
    reported(evidence).flatMap(({ node, report: { apiSlowestMs = 0 } }) =>
      apiSlowestMs > limit ? [[node, `one that took ${apiSlowestMs} ms`] as const] : [],
    ),
  );
};

/** In the order in which they are reported. */
export const nodeChecks: readonly NodeCheck[] = [
  {
    id: 'address-is-unused',
    question: 'Does no node have the address, and does nobody on the network answer for it?',
    severity: 'blocks',
    judge: nobodyElseAnswers,
    remedy: 'take the address from whoever has it, or choose another',
    links: ['vip-in-use-elsewhere', 'two-installs-same-vip', 'orphan-vip-on-delete'],
  },
  {
    id: 'interface-somewhere',
    question: 'Does at least one selected node have the interface, up?',
    severity: 'blocks',
    judge: interfaceIsSomewhere,
    remedy: 'correct the interface in the spec, or bring it up',
    links: ['wrong-interface-name', 'interface-not-up'],
  },
  {
    id: 'interface-everywhere',
    question: 'Do all selected nodes have the interface, up?',
    severity: 'warns',
    judge: interfaceIsEverywhere,
    remedy: 'bring it up or rename it there, or select other nodes: kube-vip will not start there',
    links: ['wrong-interface-name', 'interface-not-up'],
  },
  {
    id: 'subnet-has-address',
    question: 'Is the address in a subnet of the interface on every selected node?',
    severity: 'warns',
    judge: subnetHasAddress,
    remedy:
      'choose an address of that subnet, the interface that has it, or other nodes: no neighbour will ask there',
    links: ['interface-autodetect-multi-nic'],
  },
  {
    id: 'ports-are-free',
    question: 'Are the ports of kube-vip free on every selected node?',
    severity: 'warns',
    judge: portsAreFree,
    remedy:
      'stop that program there, or select other nodes: up to v0.8.9 kube-vip ends, later ones have no metrics',
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
    question:
      'Does the API server answer every selected node within the pause between two renewals of a Lease?',
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
    remedy: 'look at the pods of that DaemonSet: it is made again after a while',
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
      'look at that DaemonSet, which is made again after a while, or set spec.preflight.nodeProbe to BestEffort',
    links: [],
  },
];
