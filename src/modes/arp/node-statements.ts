// What the nodes say of an address that leaves: while the network does not say that nobody has it, the probe asks
// the nodes that could have it. Who has it says so itself, and where none has it silence needs no minute.
import type { V1DaemonSet } from '@kubernetes/client-node';
import type { Place } from '../../api/node-report.ts';
import { isCounted, nodeAnswers, nodesHolding, probesOf, runOfProbe } from '../../observed/node-answers.ts';
import type { Observed } from '../../observed/observed.ts';
import { isTerminating } from '../../observed/pods.ts';
import { renderProbe } from '../../render/probe-daemon-set.ts';
import type { DialState } from '../../observed/snapshot.ts';
import type { Step } from '../../steps/step.ts';

const vipsOf = ({ components }: Observed): readonly string[] => components['control-plane'].claims;

/**
 * Another question when the network says something else: what a node said before that does not count any more. As long as
 * it says the same, the kubelet starts the probe again and again, and the latest word counts.
 */
function runOf(observed: Observed): string | undefined {
  const vips = vipsOf(observed);
  const rows = (observed.snapshot.heard ?? []).filter(({ address }) => vips.includes(address));
  // What the nodes say of an address where nobody answers stays true when that begins, or ceases, to tell something.
  const first =
    rows.find(({ answer }) => answer === 'answers') ??
    rows.find(({ answer }) => answer === 'silent' || answer === 'unreferenced');
  return first && `${first.stage}-${first.answer === 'answers' ? 'answers' : 'silent'}`;
}

function isWanted(observed: Observed): boolean {
  const { nodeProbe, controlPlane } = observed.spec;
  return nodeProbe !== 'Off' && controlPlane !== undefined && observed.snapshot.probeImage !== undefined;
}

/** A node that has an address. */
export interface Holder {
  readonly node: string;
  /** Undefined: not known. */
  readonly place: Place | undefined;
}

/** What the nodes say about the addresses that they have. */
export interface NodeStatements {
  readonly holders: (address: string) => readonly Holder[];
  /** Every node that could have an address has spoken. */
  readonly isComplete: (address: string) => boolean;
}

/** What the nodes say now; undefined while they have not been asked about what the network says now. */
export function nodeStatements(observed: Observed): NodeStatements | undefined {
  const run = runOf(observed);
  const { probe: live } = observed.components['control-plane'];
  if (run === undefined || live === undefined || runOfProbe(live) !== run) {
    return undefined;
  }
  const answers = nodeAnswers(observed.snapshot.probePods, run);
  const asked = isCounted(live) ? (live.status?.desiredNumberScheduled ?? 0) : 0;
  const answered = answers.filter(({ report }) => report !== undefined).length;
  const placeOn = (node: string, address: string): Place | undefined =>
    answers.find((row) => row.node === node)?.report?.places?.find((row) => row.address === address);
  return {
    holders: (address) =>
      nodesHolding(answers, address).map((node) => ({ node, place: placeOn(node, address) })),
    isComplete: (address) => vipsOf(observed).includes(address) && asked > 0 && answered >= asked,
  };
}

/** Whether an address is gone, by what was heard and by what the nodes say. */
export function isGone(
  { address, answer, stage }: DialState,
  isProven: boolean,
  statements: NodeStatements | undefined,
): boolean {
  if (statements === undefined || statements.holders(address).length > 0) {
    return statements === undefined && isProven;
  }
  return isProven || (stage === 'ended' && answer === 'silent' && statements.isComplete(address));
}

/** Makes the probe that the nodes are asked by, in place of one that asked something else; undefined: nobody is asked. */
export function askNodes(observed: Observed): readonly Step[] | undefined {
  const run = runOf(observed);
  const { namespace, config, probeImage: image } = observed.snapshot;
  if (run === undefined || image === undefined || !isWanted(observed)) {
    return undefined;
  }
  const isWrong = (live: V1DaemonSet): boolean => !isTerminating(live) && runOfProbe(live) !== run;
  const wrong = probesOf(observed).filter(isWrong);
  if (wrong.length > 0 || observed.components['control-plane'].probe !== undefined) {
    return wrong.map((object) => ({ kind: 'delete', object }));
  }
  const { spec } = observed;
  const { interface: name, port: connectPort = 6443 } = spec.controlPlane ?? {};
  const request = { run, interface: name, addresses: vipsOf(observed), connectPort, ports: [] };
  const uid = config.metadata.uid ?? '';
  const object = renderProbe({ spec, component: 'control-plane', namespace, uid, request, image });
  return [{ kind: 'apply', object, why: 'missing' }];
}
