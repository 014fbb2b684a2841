// One function of a config as a DaemonSet: host network, two capabilities, nothing else.
import type { V1Container, V1DaemonSet, V1ObjectMeta, V1PodSpec } from '@kubernetes/client-node';
import type { EffectiveSpec, Placement } from '../api/defaults.ts';
import {
  annotations,
  apiVersion,
  kind,
  labels,
  managedByValue,
  componentName,
  type ComponentKind,
} from '../api/metadata.ts';
import { renderEnv } from './env.ts';
import { fingerprint } from './hash.ts';
import { imageReference } from './image.ts';
import { renderPlacement } from './placement.ts';

/** All that the DaemonSet of a component depends on. */
export interface RenderInput {
  readonly spec: EffectiveSpec;
  readonly component: ComponentKind;
  readonly namespace: string;
  readonly metricsPort: number;
  /** UID of the KubeVipConfig, for the owner reference. */
  readonly uid: string;
}

/** Name of the one container of a pod. */
export const containerName = 'kube-vip';

/** Labels that select the pods of one function of a config; immutable in a DaemonSet. */
export function selectorLabels(config: string, component: ComponentKind): Record<string, string> {
  return { [labels.appName]: 'kube-vip', [labels.component]: component, [labels.config]: config };
}

function container({ spec, component, namespace, metricsPort }: RenderInput, placed: Placement): V1Container {
  return {
    name: containerName,
    image: imageReference(spec),
    imagePullPolicy: 'IfNotPresent',
    args: ['manager'],
    env: renderEnv({ spec, component, namespace, metricsPort }),
    ports: [{ name: 'metrics', containerPort: metricsPort, hostPort: metricsPort, protocol: 'TCP' }],
    ...(placed.resources && { resources: structuredClone(placed.resources) as object }),
    // As a non-root user kube-vip takes the Lease and never gets the address (lab run, v1.1.2).
    securityContext: {
      runAsUser: 0,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { add: ['NET_ADMIN', 'NET_RAW'], drop: ['ALL'] },
    },
  };
}

// The API server does not store an empty list: rendering one would look like drift ever after.
function renderPullSecrets(names: readonly string[]): Pick<V1PodSpec, 'imagePullSecrets'> {
  return names.length > 0 ? { imagePullSecrets: names.map((name) => ({ name })) } : {};
}

function podSpec(input: RenderInput, placed: Placement): V1PodSpec {
  const { spec, component } = input;
  return {
    serviceAccountName: `kube-vip-${component}`,
    hostNetwork: true,
    dnsPolicy: 'Default',
    priorityClassName: component === 'control-plane' ? 'system-node-critical' : 'system-cluster-critical',
    terminationGracePeriodSeconds: 30,
    securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
    ...renderPlacement(component, placed),
    ...renderPullSecrets(spec.image.pullSecrets ?? []),
    // No probes: kube-vip's health port always answers OK, and from v1.1.0 on it keeps a process alive
    // that has stopped working (pkg/manager/manager.go@v1.1.2). Status is read from the Lease instead.
    containers: [container(input, placed)],
  };
}

/** The addresses or the class that a function claims. */
export function claimsOf(spec: EffectiveSpec, component: ComponentKind): readonly string[] {
  return component === 'control-plane'
    ? (spec.controlPlane?.addresses ?? [])
    : [spec.services?.loadBalancerClass ?? ''].filter((name) => name !== '');
}

/** Name, labels, hash and owner of the DaemonSet of one function. */
export function renderedMetadata(
  { spec, component, namespace, uid }: Omit<RenderInput, 'metricsPort'>,
  hash: string,
): V1ObjectMeta {
  return {
    name: componentName(spec.name, component),
    namespace,
    labels: { ...selectorLabels(spec.name, component), [labels.managedBy]: managedByValue },
    annotations: { [annotations.renderedHash]: hash },
    ownerReferences: [{ apiVersion, kind, name: spec.name, uid, controller: true }],
  };
}

// The order in which nodes change is decided by src/rollout, and not by the DaemonSet controller.
const onDelete = { type: 'OnDelete' } as const;

// In what is hashed, as long as it was what was rendered: how pods are replaced changes nothing that runs, and a hash that
// changed for it would be a rendering that waits to be taken on every cluster.
const formerStrategy = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } };

/** The same DaemonSet, of which no controller replaces a pod by itself: what an earlier operator applied said otherwise. */
export function replacedOnDelete(object: V1DaemonSet): V1DaemonSet {
  if (object.spec === undefined || object.spec.updateStrategy?.type === onDelete.type) {
    return object;
  }
  const copy = structuredClone(object);
  Object.assign(copy.spec ?? {}, { updateStrategy: onDelete });
  return copy;
}

/** The same DaemonSet, and on its pods which rendering they are from. Not part of the hash: pods that run lack it. */
export function withRevision(object: V1DaemonSet): V1DaemonSet {
  const marked = structuredClone(object);
  const hash = object.metadata?.annotations?.[annotations.renderedHash] ?? '';
  Object.assign(marked.spec?.template.metadata?.labels ?? {}, { [labels.revision]: hash });
  return marked;
}

/**
 * The DaemonSet of one function.
 * @throws RangeError when the version is not in the catalogue, or the spec does not ask for the function.
 */
export function renderDaemonSet(input: RenderInput): V1DaemonSet {
  const { spec, component } = input;
  const placed = component === 'control-plane' ? spec.controlPlane : spec.services;
  if (placed === undefined) {
    throw new RangeError(`spec: expected ${component} to be asked for, found none`);
  }
  const selector = selectorLabels(spec.name, component);
  const template = {
    metadata: { labels: { ...selector, [labels.managedBy]: managedByValue } },
    spec: podSpec(input, placed),
  };
  const daemonSetSpec = {
    selector: { matchLabels: selector },
    updateStrategy: onDelete,
    revisionHistoryLimit: 10,
    template,
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: renderedMetadata(input, fingerprint({ ...daemonSetSpec, updateStrategy: formerStrategy })),
    spec: daemonSetSpec,
  };
}
