// Every name that this operator writes into a cluster: group, labels, annotations, finalizer, managers.

/** API group of our own kind. Labels, annotations and classes of ours begin with it. */
export const group = 'kubevip.dev';

/** Group and version as manifests of a KubeVipConfig spell them. */
export const apiVersion = 'kubevip.dev/v1alpha1';

/** The one kind that this operator serves. */
export const kind = 'KubeVipConfig';

/** Name of the collection in paths and in RBAC rules. */
export const plural = 'kubevipconfigs';

/** The one namespace of the operator and of all components. */
export const systemNamespace = 'kube-vip-system';

/** Server-side apply field manager of every object that the operator renders. */
export const fieldManager = 'kube-vip-operator';

/** Held until the component's pods are gone and with them the addresses. */
export const finalizer = 'kubevip.dev/operands';

/** The two halves of kube-vip. They never share a process. */
export const componentKinds = ['control-plane', 'services'] as const;

/** Which half of kube-vip something belongs to. */
export type ComponentKind = (typeof componentKinds)[number];

/** Where the status of a KubeVipConfig has each function. */
export const statusFields = {
  'control-plane': 'controlPlane',
  services: 'services',
} as const satisfies Record<ComponentKind, string>;

/** Label keys that the operator writes or selects by. */
export const labels = {
  managedBy: 'app.kubernetes.io/managed-by',
  appName: 'app.kubernetes.io/name',
  component: 'app.kubernetes.io/component',
  /** Name of the KubeVipConfig that a component belongs to. */
  config: 'kubevip.dev/config',
  /** The same of a probe of its nodes. Another key, so that no probe is taken for a component. */
  probe: 'kubevip.dev/probe',
  /** On a ControllerRevision that keeps a rendering: name of the KubeVipConfig. No label that selects pods may be there. */
  recorded: 'kubevip.dev/recorded',
  /** On the pods of a component: the hash of the rendering that they were made from. */
  revision: 'kubevip.dev/revision',
  /** On a Namespace: a kube-vip with settings that config/admission would refuse is let through there. */
  unsafe: 'kubevip.dev/unsafe-kube-vip',
  /** On everything that belongs to the witnesses of one segment: the segment. */
  witness: 'kubevip.dev/witness',
} as const;

/** Annotation keys that the operator writes, and those that it reads from a person. */
export const annotations = {
  /** Hash of the object as rendered: tells a change of ours from drift. */
  renderedHash: 'kubevip.dev/rendered-hash',
  /** On a KubeVipConfig: ids of preflight warnings that are known, with commas between. */
  acknowledge: 'kubevip.dev/acknowledge',
  /** On a ControllerRevision that keeps a rendering: what the spec asked for when it was applied. */
  specMark: 'kubevip.dev/spec',
  /** On a KubeVipConfig: hashes of waiting renderings that may be applied, with commas between. */
  takeRendering: 'kubevip.dev/take-rendering',
  /** On a KubeVipConfig: ids of preflight checks that shall not hold anything back, with commas between. */
  override: 'kubevip.dev/override',
  /** On a probe: which run of it this is. */
  probeRun: 'kubevip.dev/probe-run',
  /** On a KubeVipConfig: names of nodes and addresses that a deletion or removal shall not wait for. */
  abandon: 'kubevip.dev/abandon',
  /** On a KubeVipConfig: `pause` or `abort`, for the rollout that is under way. */
  rollout: 'kubevip.dev/rollout',
  /** On a KubeVipConfig: which rollout that was rolled back is tried once more. */
  retryRollout: 'kubevip.dev/retry-rollout',
  /** On a Node: with `true` it gives its addresses up, and takes none. */
  handOver: 'kubevip.dev/hand-over',
  /** On a Lease that the operator took: the addresses, with their port, that have to leave the nodes. */
  leaving: 'kubevip.dev/leaving',
  /** On the Lease of a witness: what it knows, as JSON (src/witness/contract.ts). */
  answers: 'kubevip.dev/answers',
} as const;

/** What a Service asks kube-vip for, by its annotations (pkg/kubevip/annotations.go@v1.2.3). */
export const serviceAnnotations = {
  addresses: 'kube-vip.io/loadbalancerIPs',
} as const;

/** What a person asks of the operator for a Service, by its annotations. */
export const requestAnnotations = {
  /** Addresses with commas between, at most one per family. */
  addresses: 'kubevip.dev/addresses',
  /** The pool of which the operator shall choose. */
  pool: 'kubevip.dev/pool',
  /** A word that Services of one namespace have in common when they share an address. */
  share: 'kubevip.dev/share',
} as const;

/**
 * On a Service, beside its grant: the pools of which the operator chose what the Service did not ask for. Such a grant stays for the
 * life of the Service. What was asked for has no such mark.
 */
export const assignedAnnotation = 'kubevip.dev/assigned';

/** What the operator writes in front of the holder's name when it takes a Lease away. No node has such a name. */
export const parkedPrefix = 'kube-vip-operator:';

const witnessPrefix = 'kube-vip-witness';

/** Name of the DaemonSet, and of the Lease, of one function of a config. */
export function componentName(config: string, component: ComponentKind): string {
  return `${config}-${component}`;
}

/** The config that a DaemonSet or Lease of this name belongs to: names, unlike labels, cannot be edited. */
export function configOfComponent(name: string): string | undefined {
  // The Lease of a witness ends with the name of a node, which may end like that. No config has a dot in its name.
  const component = name.startsWith(`${witnessPrefix}.`)
    ? undefined
    : componentKinds.find((row) => name.endsWith(`-${row}`));
  return component && name.slice(0, -component.length - 1);
}

/** Name of the DaemonSet that probes the nodes of one function. */
export function probeName(config: string, component: ComponentKind): string {
  return `${componentName(config, component)}-probe`;
}

/** The config whose nodes a DaemonSet of this name probes. */
export function configOfProbe(name: string): string | undefined {
  return name.endsWith('-probe') ? configOfComponent(name.slice(0, -'-probe'.length)) : undefined;
}

/** Name of the ConfigMap that has the questions for the witnesses of a segment. */
export function witnessQuestionsName(segment: string): string {
  return `${witnessPrefix}.${segment}`;
}

/** Name of the ConfigMap that has the MAC addresses of the nodes. */
export const witnessMacsName = `${witnessPrefix}-macs`;

/** Name of the DaemonSet of the witnesses of a segment. */
export function witnessName(segment: string): string {
  return `${witnessPrefix}-${segment}`;
}

/** Name of the Lease in which the witness of a segment on a node answers. */
export function witnessLeaseName(segment: string, node: string): string {
  return `${witnessPrefix}.${segment}.${node}`;
}

/** The segment and the node that a Lease of this name belongs to; undefined: it is no Lease of a witness. */
export function witnessOfLease(
  name: string,
): { readonly segment: string; readonly node: string } | undefined {
  const [, segment, node] = /^kube-vip-witness\.([0-9a-f]{8})\.(.+)$/.exec(name) ?? [];
  return segment === undefined || node === undefined ? undefined : { segment, node };
}

/** Value of {@link labels.unsafe} that opts a namespace out. */
export const unsafeValue = 'allowed';

/** Value of {@link labels.managedBy} on everything that the operator created. */
export const managedByValue = 'kube-vip-operator';
