// The nodes as second witness of an address that leaves: while the network does not say that nobody has it, the probe asks
// the nodes that could have it. Who has it says so itself, and where none has it silence needs no minute.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { effectiveSpec } from '../../api/defaults.ts';
import type { Place } from '../../api/node-report.ts';
import { nodeAnswers, nodesHolding } from '../../observed/node-answers.ts';
import { findProbe, isCounted, isGoing, probesOf, runOfProbe } from '../../observed/probe-object.ts';
import { renderProbe } from '../../render/probe-daemon-set.ts';
import type { Heard, Snapshot } from '../../observed/snapshot.ts';
import type { Step } from '../../steps/step.ts';

const vipsOf = ({ config }: Snapshot): readonly string[] =>
  effectiveSpec(config).controlPlane?.addresses ?? [];

/**
 * Another question when the network says something else: what a node said before that does not count any more. As long as
 * it says the same, the kubelet starts the probe again and again, and the latest word counts.
 */
function runOf(snapshot: Snapshot): string | undefined {
  const vips = vipsOf(snapshot);
  const rows = (snapshot.heard ?? []).filter(({ address }) => vips.includes(address));
  const first =
    rows.find(({ answer }) => answer === 'answers') ?? rows.find(({ answer }) => answer === 'silent');
  return first && `${first.stage}-${first.answer}`;
}

function isWanted(snapshot: Snapshot): boolean {
  const { nodeProbe, controlPlane } = effectiveSpec(snapshot.config);
  return nodeProbe !== 'Off' && controlPlane !== undefined && snapshot.probeImage !== undefined;
}

/** A node that has an address. */
export interface Holder {
  readonly node: string;
  /** Undefined: not known. */
  readonly place: Place | undefined;
}

/** What the nodes say now; undefined while they have not been asked about what the network says now. */
export interface Word {
  readonly holders: (address: string) => readonly Holder[];
  /** Every node that could have an address has spoken. */
  readonly isComplete: (address: string) => boolean;
}

export function wordOf(snapshot: Snapshot): Word | undefined {
  const run = runOf(snapshot);
  const live = findProbe(snapshot, 'control-plane');
  if (run === undefined || live === undefined || runOfProbe(live) !== run) {
    return undefined;
  }
  const answers = nodeAnswers(snapshot.probePods, run);
  const asked = isCounted(live) ? (live.status?.desiredNumberScheduled ?? 0) : 0;
  const answered = answers.filter(({ report }) => report !== undefined).length;
  const placeOn = (node: string, address: string): Place | undefined =>
    answers.find((row) => row.node === node)?.report?.places?.find((row) => row.address === address);
  return {
    holders: (address) =>
      nodesHolding(answers, address).map((node) => ({ node, place: placeOn(node, address) })),
    isComplete: (address) => vipsOf(snapshot).includes(address) && asked > 0 && answered >= asked,
  };
}

/** Whether an address is gone, by what was heard and by what the nodes say. */
export function isGone(
  { address, answer, stage }: Heard,
  isProven: boolean,
  word: Word | undefined,
): boolean {
  if (word === undefined || word.holders(address).length > 0) {
    return word === undefined && isProven;
  }
  return isProven || (stage === 'ended' && answer === 'silent' && word.isComplete(address));
}

/** Makes the probe that the nodes are asked by, in place of one that asked something else; undefined: nobody is asked. */
export function askNodes(snapshot: Snapshot): readonly Step[] | undefined {
  const run = runOf(snapshot);
  const { namespace, config, probeImage: image } = snapshot;
  if (run === undefined || image === undefined || !isWanted(snapshot)) {
    return undefined;
  }
  const isWrong = (live: V1DaemonSet): boolean => !isGoing(live) && runOfProbe(live) !== run;
  const wrong = probesOf(snapshot).filter(isWrong);
  if (wrong.length > 0 || findProbe(snapshot, 'control-plane') !== undefined) {
    return wrong.map((object) => ({ kind: 'delete', object }));
  }
  const spec = effectiveSpec(config);
  const { interface: name, port: connectPort = 6443 } = spec.controlPlane ?? {};
  const request = { run, interface: name, addresses: vipsOf(snapshot), connectPort, ports: [] };
  const uid = config.metadata.uid ?? '';
  const object = renderProbe({ spec, component: 'control-plane', namespace, uid, request, image });
  return [{ kind: 'apply', object, why: 'missing' }];
}
