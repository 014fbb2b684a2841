// A DaemonSet as it stands in the cluster: whose it is, and what its pods are told. What runs counts, not what a note says.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { addressOrName } from '../api/addresses.ts';
import type { ElectionTiming } from '../api/election-timing.ts';
import { annotations, labels, managedByValue } from '../api/metadata.ts';
import { itemsOf } from '../api/words.ts';
import { versionOf } from '../catalog/releases.ts';
import { containerName } from '../render/daemon-set.ts';
import { fingerprint } from '../render/hash.ts';
import { controlPlaneLabel } from '../render/placement.ts';
import { oncePer } from './once.ts';
import type { Target } from './snapshot.ts';

/**
 * Whether this operator made a DaemonSet for the KubeVipConfig of this UID. Either mark is enough: a person may have
 * edited one of them, which is drift and not another owner.
 */
export function isOurs({ metadata }: V1DaemonSet, uid: string | undefined): boolean {
  return (
    metadata?.labels?.[labels.managedBy] === managedByValue ||
    (metadata?.ownerReferences?.some((owner) => owner.uid === uid) ?? false)
  );
}

function valuesOf({ spec }: V1DaemonSet, names: readonly string[]): readonly string[] {
  const container = spec?.template.spec?.containers.find(({ name }) => name === containerName);
  return (container?.env ?? []).filter(({ name }) => names.includes(name)).map(({ value = '' }) => value);
}

// A person may have edited the variable, and spelled an address otherwise than the spec.
const addressesOf = oncePer((object: V1DaemonSet): readonly string[] =>
  valuesOf(object, ['address']).flatMap(itemsOf).map(addressOrName),
);

/** The addresses or the class that the pods of one DaemonSet of kube-vip are told to hold. */
export const heldBy = oncePer((object: V1DaemonSet): readonly string[] => [
  ...addressesOf(object),
  ...valuesOf(object, ['lb_class_name']).flatMap(itemsOf),
]);

/** Where the addresses of a control plane answer. */
export function targetsOf(object: V1DaemonSet): readonly Target[] {
  const [port = '6443'] = valuesOf(object, ['port']);
  return addressesOf(object).map((address) => ({ address, port: Number(port) }));
}

/** The interface that addresses are put on; undefined: that of the default route. */
export const interfaceOf = (object: V1DaemonSet): string | undefined =>
  valuesOf(object, ['vip_interface'])[0];

/**
 * Whether it was rendered when Services kept off every node with the label of the control plane by default. It runs so
 * until a person takes the rendering of today.
 */
export const leavesOutControlPlane = ({ spec }: V1DaemonSet): boolean =>
  spec?.template.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms.some(
    ({ matchExpressions = [] }) =>
      matchExpressions.some(({ key, operator }) => key === controlPlaneLabel && operator === 'DoesNotExist'),
  ) ?? false;

/** The release that its pods run; undefined where its image does not tell. */
export const releaseIn = (object: V1DaemonSet): string | undefined =>
  versionOf(object.spec?.template.spec?.containers.find(({ name }) => name === containerName)?.image ?? '');

/** How its pods elect; undefined where the template does not say. */
export function timingOf(
  object: V1DaemonSet,
): Pick<ElectionTiming, 'renewDeadlineSeconds' | 'retryPeriodSeconds'> | undefined {
  const [deadline, period] = ['vip_renewdeadline', 'vip_retryperiod'].map((name) =>
    Number(valuesOf(object, [name])[0]),
  );
  return deadline && period ? { renewDeadlineSeconds: deadline, retryPeriodSeconds: period } : undefined;
}

/** A fingerprint of all that an apply asks for, or that the API server keeps of it. */
export const contentMark = oncePer(({ metadata, spec }: V1DaemonSet): string => {
  const { 'deprecated.daemonset.template.generation': _, ...notes } = metadata?.annotations ?? {};
  return fingerprint([metadata?.labels, notes, metadata?.ownerReferences, spec]);
});

/** The hash that an object was rendered with, or undefined. */
export function renderedHash(object: V1DaemonSet): string | undefined {
  return object.metadata?.annotations?.[annotations.renderedHash];
}
