// What the pods of a DaemonSet are told to hold, read from their template: what runs, not what a note says.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { containerName } from '../render/daemon-set.ts';

const variables = ['address', 'lb_class_name'];

/** Addresses or class of one DaemonSet of kube-vip. */
export function heldBy({ spec }: V1DaemonSet): readonly string[] {
  const container = spec?.template.spec?.containers.find(({ name }) => name === containerName);
  return (container?.env ?? [])
    .filter(({ name }) => variables.includes(name))
    .flatMap(({ value = '' }) => value.split(','))
    .filter((value) => value !== '');
}
