// What is wrong with the nodes of a component, from what a run of the probe brought: interfaces, ports, API servers, clocks
// and silence. Who has an address: addresses.ts.
import { addressRange, addressValue, cidrRange, endsOf, type AddressRange } from '../../api/address-range.ts';
import { probeName } from '../../api/metadata.ts';
import type { NodeReport } from '../../api/node-report.ts';
import { namesItsNode } from '../../catalog/identity.ts';
import { contains } from '../../observed/addresses.ts';
import type { NodeAnswer } from '../../observed/node-answers.ts';
import type { ProbePod } from '../../observed/snapshot.ts';
import type { Finding } from '../checks/check.ts';
import {
  addressesOf,
  interfaceName,
  list,
  nodes,
  partOf,
  reported,
  together,
  working,
  type NodeEvidence,
} from './evidence.ts';

/** A question to the evidence of one component. */
export type Judge = (evidence: NodeEvidence) => readonly Finding[];

function interfaceTrouble(
  { interface: found, otherInterfaces }: NodeReport,
  name: string,
): string | undefined {
  if (found === undefined) {
    return `${name} is missing (there are ${list(otherInterfaces) || 'no others'})`;
  }
  return found.isUp ? undefined : `${found.name} is down`;
}

function interfaceTroubles(evidence: NodeEvidence): readonly Finding[] {
  const rows = reported(evidence).flatMap(({ node, report }) => {
    const trouble = interfaceTrouble(report, interfaceName(evidence));
    return trouble === undefined ? [] : [[node, trouble] as const];
  });
  return together(`${interfaceName(evidence)}, up, for ${partOf(evidence)}`, rows);
}

const isNowhere = (evidence: NodeEvidence): boolean =>
  reported(evidence).length > 0 && working(evidence).length === 0;

/** Finds the interface when no node has it, up. */
export const interfaceIsSomewhere: Judge = (evidence) =>
  isNowhere(evidence) ? interfaceTroubles(evidence) : [];

/** Finds the nodes without it when others have it, up. */
export const interfaceIsEverywhere: Judge = (evidence) =>
  isNowhere(evidence) ? [] : interfaceTroubles(evidence);

const isSame = (a: AddressRange | undefined, b: AddressRange | undefined): boolean =>
  a?.family === b?.family && a?.first === b?.first && a?.last === b?.last;

/** The nodes whose interface has no subnet with an address of the component. */
export const subnetHasAddress: Judge = (evidence) =>
  addressesOf(evidence).flatMap((address) => {
    // On the node that holds it the address is there itself, as a host route.
    const own = addressRange(address);
    const rows = working(evidence).flatMap(({ node, nic }) => {
      const subnets = nic.subnets.filter((subnet) => !isSame(cidrRange(subnet), own));
      return subnets.some((subnet) => contains(subnet, address))
        ? []
        : [[node, `${address} is in no subnet of ${nic.name} (${list(subnets) || 'it has none'})`] as const];
    });
    return together(`a subnet with the address on the interface of ${partOf(evidence)}`, rows);
  });

// In IPv6 a host may have the last address of a subnet.
const isUsable = (called: string): boolean => called === 'last';

/** The nodes in a subnet of which an address of the component is no host, but the subnet itself or all of its hosts. */
export const addressIsHost: Judge = (evidence) =>
  addressesOf(evidence).flatMap((address) => {
    const wanted = addressValue(address);
    const rows = working(evidence).flatMap(({ node, nic }) =>
      nic.subnets.flatMap((subnet) =>
        endsOf(subnet)
          .filter(
            ({ value, called }) =>
              value.value === wanted?.value && value.family === wanted.family && !isUsable(called),
          )
          .map(
            ({ called }) => [node, `${address} is the ${called} address of the subnet ${subnet}`] as const,
          ),
      ),
    );
    return together(`an address that a host of the subnet can have`, rows);
  });

/** The nodes on which another program has the metrics port. */
export const portsAreFree: Judge = (evidence) =>
  together(
    `the port of kube-vip's metrics to be free`,
    reported(evidence).flatMap(({ node, report }) =>
      report.takenPorts.map((port) => [node, `another program has port ${port}`] as const),
    ),
  );

/** The nodes that the API server does not answer. */
export const apiAnswers: Judge = (evidence) =>
  together(
    'an answer of the API server that kube-vip will use',
    reported(evidence).flatMap(({ node, report }) =>
      report.apiError === undefined ? [] : [[node, `no answer of API server ${report.apiError}`] as const],
    ),
  );

/** The nodes that the API server answers too slowly for an election. */
export const apiIsFast: Judge = (evidence) => {
  const limit = evidence.spec.election.retryPeriodSeconds * 1000;
  return together(
    `every answer of the API server within spec.leaderElection.retryPeriodSeconds (${limit} ms)`,
    reported(evidence).flatMap(({ node, report: { apiSlowestMs = 0 } }) =>
      apiSlowestMs > limit ? [[node, `the API server took ${apiSlowestMs} ms to answer`] as const] : [],
    ),
  );
};

/**
 * Seconds by which a node's clock is ahead, plus the moment that its kubelet took; undefined when not known. From two times
 * that every pod carries: when it was bound to its node, by the clock of an API server, and when the kubelet took it on, by
 * the clock of the node. The probe could compare its clock with one API server only, and under apiAccess Local that
 * server has the same clock.
 */
function secondsAhead({ boundAt, takenOnAt }: ProbePod): number | undefined {
  return boundAt === undefined || takenOnAt === undefined ? undefined : (takenOnAt - boundAt) / 1000;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;

/** The nodes whose clock is away from that of most by more than the renew deadline. */
export const clocksAgree: Judge = ({ answers, spec }) => {
  const limit = spec.election.renewDeadlineSeconds;
  const clocks = answers.flatMap(({ node, pod }) => {
    const seconds = secondsAhead(pod);
    return seconds === undefined ? [] : [{ node, seconds }];
  });
  const most = median(clocks.map(({ seconds }) => seconds));
  return together(
    `the clocks of all nodes within spec.leaderElection.renewDeadlineSeconds (${limit} s)`,
    clocks
      .map(({ node, seconds }) => ({ node, off: Math.round(seconds - most) }))
      .filter(({ off }) => Math.abs(off) > limit)
      .map(({ node, off }) => [
        node,
        `the clock is ${Math.abs(off)} s ${off > 0 ? 'ahead of' : 'behind'} most others`,
      ]),
  );
};

/** What a node did not tell that a check judges by. */
function omitted({ spec }: NodeEvidence, { pod, report }: NodeAnswer): readonly string[] {
  const tells: readonly (readonly [string, boolean])[] = [
    ['its clock', secondsAhead(pod) !== undefined],
    ['its host name', namesItsNode(spec.version) || report?.hostName !== undefined],
    ['how the API server answers it', report?.apiSlowestMs !== undefined || report?.apiError !== undefined],
  ];
  return tells.filter(([, isTold]) => !isTold).map(([what]) => what);
}

/** The nodes that answered, and left something out. One that did not answer is found by another judge. */
export const everyNodeTellsAll: Judge = (evidence) =>
  together(
    'to be able to judge it',
    evidence.answers
      .filter(({ report }) => report !== undefined)
      .flatMap((answer) => {
        const what = omitted(evidence, answer);
        return what.length === 0 ? [] : [[answer.node, `does not tell ${list(what)}`] as const];
      }),
  );

const probeObject = ({ spec, component }: NodeEvidence): string =>
  `DaemonSet/${probeName(spec.name, component)}`;

/** Said when no DaemonSet could be made, or no controller acted upon it. */
export const someNodeWasAsked: Judge = (evidence) =>
  evidence.isOver && evidence.asked === undefined
    ? [
        {
          object: probeObject(evidence),
          found: 'could not be made, or no controller acted upon it',
          expected: 'it to ask every selected node',
        },
      ]
    : [];

/** The nodes that were asked and did not answer in time. */
export const everyNodeAnswered: Judge = (evidence) => {
  const { answers, asked = 0, isOver } = evidence;
  const silent = answers.filter(({ report }) => report === undefined);
  const answered = reported(evidence).length;
  if (!isOver || answered >= asked) {
    return [];
  }
  const [first] = silent;
  const noPod = asked - answered - silent.length;
  const found = [
    first && `no answer, and ${first.pod.trouble}`,
    noPod > 0 && `no pod for ${noPod} ${noPod === 1 ? 'node' : 'nodes'}`,
  ];
  return [
    {
      object: silent.length > 0 ? nodes(silent.map(({ node }) => node)) : probeObject(evidence),
      found: found.filter(Boolean).join(', '),
      expected: `${asked} answers to ${probeObject(evidence)}, of which ${answered} came`,
    },
  ];
};
