// The names that nodes give themselves, under which releases before v0.8.0 lead. A Node may be called otherwise, for example
// by `--hostname-override` of its kubelet.
import { namesItsNode } from '../../catalog/identity.ts';
import { isNode } from '../../observed/pods.ts';
import type { ProbeRun } from '../../observed/snapshot.ts';
import type { Finding } from '../checks/check.ts';
import { nodes, reported, type NodeEvidence } from './evidence.ts';

// What a status can hold is bounded. A control plane has few nodes.
const most = 500;

interface Named {
  readonly node: string;
  readonly hostName: string;
}

const namesIn = (evidence: NodeEvidence): readonly Named[] =>
  reported(evidence).flatMap(({ node, report: { hostName } }) =>
    hostName === undefined ? [] : [{ node, hostName: hostName.toLowerCase() }],
  );

/**
 * The host names of nodes that are called otherwise; left out where there is none.
 * @param before what a run before brought, which stands for nodes that are silent now.
 */
export function hostNamesOf(
  evidence: NodeEvidence,
  before: readonly Named[] = [],
): Pick<ProbeRun, 'hostNames'> {
  const now = namesIn(evidence);
  const hostNames = [...now, ...before.filter((row) => !now.some(({ node }) => node === row.node))]
    .filter(({ node, hostName }) => !isNode(hostName, node))
    .slice(0, most);
  return hostNames.length > 0 ? { hostNames } : {};
}

/** The nodes that a release before v0.8.0 would take for one. */
export function hostNamesAreOwn(evidence: NodeEvidence): readonly Finding[] {
  const { version } = evidence.spec;
  if (namesItsNode(version)) {
    return [];
  }
  const byName = new Map<string, readonly string[]>();
  for (const { node, hostName } of namesIn(evidence)) {
    byName.set(hostName, [...(byName.get(hostName) ?? []), node]);
  }
  return [...byName]
    .filter(([, names]) => names.length > 1)
    .map(([hostName, names]) => ({
      object: nodes(names),
      found: `all have the host name ${hostName}`,
      expected: `a host name of its own on each, because kube-vip ${version} leads under it`,
    }));
}
