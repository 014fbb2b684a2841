// The rendering of Services before their default placement changed: they kept off every node with the label of the control plane.
import { readFileSync } from 'node:fs';
import type { V1DaemonSet } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { annotations } from '../src/api/metadata.ts';

/** What an earlier operator rendered of the sample arp.yaml, as its golden file had it: its hash is not of today. */
export const formerRendering = parse(
  readFileSync(new URL('former-rendering.yaml', import.meta.url), 'utf8'),
) as V1DaemonSet[];

const [, ofServices] = formerRendering;

/** A DaemonSet of services with the default placement of that time. */
export function byFormerDefault(object: V1DaemonSet): V1DaemonSet {
  const copy = structuredClone(object);
  const { affinity } = ofServices?.spec?.template.spec ?? {};
  Object.assign(copy.spec?.template.spec ?? {}, { affinity });
  Object.assign(copy.metadata?.annotations ?? {}, { [annotations.renderedHash]: 'of-the-former-default' });
  return copy;
}
