// Which rendering a pod runs. The DaemonSet controller's own count does not tell: it counts old pods as updated once an old template
// is put back (lab run, Kubernetes v1.36.3). So the operator puts a mark of its own into each template.
import type { V1DaemonSet, V1Pod } from '@kubernetes/client-node';
import { labels } from '../api/metadata.ts';
import { renderedHash } from './daemon-set.ts';

// The DaemonSet controller marks pods with the generation of the template that they were made from.
const madeFrom = 'pod-template-generation';
const templateIs = 'deprecated.daemonset.template.generation';

/** The mark in the template of a DaemonSet; undefined: an earlier operator put none there. */
export const markOf = (object: V1DaemonSet): string | undefined =>
  object.spec?.template.metadata?.labels?.[labels.revision];

/** Whether a pod was made from the template that is there now, whatever was done to its labels; undefined: not told. */
export function isOfTemplate({ metadata }: V1Pod, live: V1DaemonSet | undefined): boolean | undefined {
  const [current, own] = [live?.metadata?.annotations?.[templateIs], metadata?.labels?.[madeFrom]];
  return current === undefined || own === undefined ? undefined : current === own;
}

/**
 * Whether a pod runs a rendering, by the mark that the operator puts on pods. A pod without a mark runs a rendering without one.
 * @param live What stands in the cluster. A pod that was made from it runs it.
 */
export function runs(pod: V1Pod, object: V1DaemonSet, live: V1DaemonSet | undefined): boolean {
  const mark = pod.metadata?.labels?.[labels.revision];
  const isMarked = mark === undefined ? markOf(object) === undefined : mark === renderedHash(object);
  const stands = live !== undefined && renderedHash(live) === renderedHash(object);
  return isMarked || (stands && isOfTemplate(pod, live) === true);
}
