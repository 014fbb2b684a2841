// How far nodes are that shall give their addresses up.
import type { KubeVipConfigStatus } from '../api/types.ts';
import type { Component } from '../observed/component.ts';
import { isNode, nodeOf } from '../observed/pods.ts';

type HandOverStatus = Pick<NonNullable<KubeVipConfigStatus['controlPlane']>, 'handOver'>;

/** Whether nothing of a component is on a node any more, as far as is known. */
function isGone({ pods, holder, former }: Component, node: string): boolean {
  return (
    !pods.some((pod) => nodeOf(pod) === node) &&
    !isNode(holder, node) &&
    !former.some((row) => isNode(row.node, node))
  );
}

/** A row for each node that shall give the addresses of a component up; none: there is no such node. */
export function handOverStatus(component: Component): HandOverStatus {
  const { away, waits } = component.handOver;
  const rows = [
    ...away.map((node) => ({ node, state: isGone(component, node) ? 'Done' : 'UnderWay' }) as const),
    ...waits.map(({ node, because }) => ({ node, state: 'Waiting', message: because }) as const),
  ];
  return rows.length === 0 ? {} : { handOver: rows.slice(0, 100) };
}
