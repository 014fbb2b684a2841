// What is kept of objects that a cluster may have thousands of: the fields that decisions read, nothing else.
import type {
  KubernetesObject,
  V1ControllerRevision,
  V1Lease,
  V1Node,
  V1ObjectMeta,
  V1Pod,
  V1Service,
  V1ValidatingAdmissionPolicyBinding,
} from '@kubernetes/client-node';
import { assignedAnnotation, fieldManager, requestAnnotations, serviceAnnotations } from '../api/metadata.ts';
import { serviceAnnotationRows } from '../catalog/service-annotations.ts';

type Json = Readonly<Record<string, unknown>>;

function pick<T extends object, K extends keyof T>(value: T | undefined, ...keys: readonly K[]): Pick<T, K> {
  const fields = keys.flatMap((key) => (value?.[key] === undefined ? [] : [[key, value[key]] as const]));
  return Object.fromEntries(fields) as unknown as Pick<T, K>;
}

const identity = (metadata: V1ObjectMeta | undefined): Json =>
  pick(metadata, 'name', 'namespace', 'uid', 'resourceVersion', 'creationTimestamp', 'deletionTimestamp');

const kindOf = (object: KubernetesObject): Json => pick(object, 'apiVersion', 'kind');

// Of the others only what they begin with is told, and one may have 200,000 characters.
const longest = 64;

/** Annotations that name addresses are kept whole, or so far that they are seen to be too long. */
const lengths: Readonly<Record<string, number>> = {
  [serviceAnnotations.addresses]: Infinity,
  [requestAnnotations.addresses]: 257,
};

function annotated({ annotations = {} }: V1ObjectMeta = {}, keys: readonly string[]): Json {
  const own = keys
    .filter((key) => annotations[key] !== undefined)
    .map((key) => [key, annotations[key]?.slice(0, lengths[key] ?? longest)]);
  return own.length === 0 ? {} : { annotations: Object.fromEntries(own) as object };
}

const asked = [
  ...serviceAnnotationRows
    .filter(({ writers }) => writers === 'operator' || writers === 'none')
    .map(({ key }) => key),
  ...Object.values(requestAnnotations),
  assignedAnnotation,
];

interface Fields {
  readonly 'f:metadata'?: { readonly 'f:annotations'?: Readonly<Record<string, unknown>> };
}

/** Whether the operator wrote the grant of a Service: its field manager, and nothing else of that list. */
function grantedBy({ managedFields = [] }: V1ObjectMeta = {}): Json {
  const isOurs = managedFields.some(
    ({ manager, fieldsV1 }) =>
      manager === fieldManager &&
      (fieldsV1 as Fields | undefined)?.['f:metadata']?.['f:annotations']?.[
        `f:${serviceAnnotations.addresses}`
      ] !== undefined,
  );
  return isOurs ? { managedFields: [{ manager: fieldManager }] } : {};
}

/** What a Service asks for, and what it was granted. What kube-vip itself writes, at each fail-over, is not kept. */
const requests = (metadata: V1ObjectMeta | undefined): Json => ({
  ...annotated(metadata, asked),
  ...grantedBy(metadata),
});

/** Of an admission policy its name; of a binding also which policy it binds, and what it does then. */
export function trimPolicy(object: KubernetesObject): KubernetesObject {
  const { spec } = object as V1ValidatingAdmissionPolicyBinding;
  const bound = pick(spec, 'policyName', 'validationActions');
  return { ...kindOf(object), metadata: identity(object.metadata), spec: bound } as KubernetesObject;
}

// How k3s and RKE2 were started, as they note it themselves.
const argumentsOf = ['k3s.io/node-args', 'rke2.io/node-args'];

function nodeArguments({ annotations = {} }: V1ObjectMeta = {}): Json {
  const own = Object.entries(annotations).filter(([key]) => argumentsOf.includes(key));
  return own.length === 0 ? {} : { annotations: Object.fromEntries(own) };
}

/** Name, labels, arguments of k3s and RKE2, taints, pod ranges, addresses, readiness, and what the node runs. */
export function trimNode(object: KubernetesObject): V1Node {
  const { metadata, spec, status } = object as V1Node;
  const ready = status?.conditions?.filter(({ type }) => type === 'Ready') ?? [];
  return {
    ...kindOf(object),
    metadata: { ...identity(metadata), ...pick(metadata, 'labels'), ...nodeArguments(metadata) },
    spec: pick(spec, 'taints', 'unschedulable', 'podCIDRs'),
    status: {
      ...pick(status, 'addresses'),
      conditions: ready.map((row) => pick(row, 'type', 'status')),
      nodeInfo: pick(status?.nodeInfo, 'kubeletVersion', 'osImage', 'operatingSystem'),
    },
  } as V1Node;
}

const portsOf = (spec: V1Service['spec']): readonly Json[] =>
  (spec?.ports ?? []).map((row) => pick(row, 'port', 'protocol'));

function trimLoadBalancer({ spec, status, metadata }: V1Service): Json {
  return {
    // The labels, because others select Services by them.
    metadata: { ...identity(metadata), ...pick(metadata, 'labels'), ...requests(metadata) },
    spec: {
      ...pick(spec, 'type', 'clusterIPs', 'externalIPs'),
      ...pick(spec, 'loadBalancerClass', 'loadBalancerIP', 'externalTrafficPolicy'),
      ...pick(spec, 'ipFamilies', 'ipFamilyPolicy'),
      ports: portsOf(spec),
    },
    status: {
      loadBalancer: {
        ingress: (status?.loadBalancer?.ingress ?? []).map((row) => pick(row, 'ip', 'hostname')),
      },
    },
  };
}

/**
 * Type and every address, and the ports of external ones; of a load balancer also its labels, class, policy, families, ports, what
 * is published, and what it asks kube-vip for.
 */
export function trimService(object: KubernetesObject): V1Service {
  const service = object as V1Service;
  const rest =
    service.spec?.type === 'LoadBalancer'
      ? trimLoadBalancer(service)
      : {
          // What was granted to a load balancer may be bound still.
          metadata: {
            ...identity(service.metadata),
            ...annotated(service.metadata, [serviceAnnotations.addresses]),
            ...grantedBy(service.metadata),
          },
          spec: {
            ...pick(service.spec, 'type', 'clusterIPs', 'externalIPs'),
            ...(service.spec?.externalIPs && { ports: portsOf(service.spec) }),
          },
        };
  return { ...kindOf(object), ...rest };
}

function trimStatus(status: V1Pod['status']): Json {
  const told = status?.conditions?.filter(({ type }) => type === 'Ready' || type === 'PodScheduled');
  return {
    ...pick(status, 'startTime'),
    ...(told && {
      conditions: told.map((row) => pick(row, 'type', 'status', 'message', 'lastTransitionTime')),
    }),
    ...(status?.containerStatuses && {
      containerStatuses: status.containerStatuses.map((row) =>
        pick(row, 'name', 'image', 'containerID', 'state', 'lastState'),
      ),
    }),
  };
}

// Its affinity names its node, and its ports may be what it waits for.
const trimUnscheduled = (spec: V1Pod['spec']): Json => ({
  ...pick(spec, 'affinity'),
  ...(spec?.containers && { containers: spec.containers.map((row) => pick(row, 'name', 'ports')) }),
});

const imagesOf = (spec: V1Pod['spec']): Json =>
  spec?.containers ? { containers: spec.containers.map((row) => pick(row, 'name', 'image')) } : {};

/**
 * Labels, node, and which containers it has and how they are; what a container said last is part of that. One that is not
 * scheduled yet keeps what it needs for that.
 */
export function trimPod(object: KubernetesObject): V1Pod {
  const { metadata, spec, status } = object as V1Pod;
  return {
    ...kindOf(object),
    metadata: { ...identity(metadata), ...pick(metadata, 'labels') },
    spec:
      spec?.nodeName === undefined ? trimUnscheduled(spec) : { ...pick(spec, 'nodeName'), ...imagesOf(spec) },
    status: trimStatus(status),
  } as unknown as V1Pod;
}

/** All but who wrote it, which is half of a Lease, and a Lease comes anew every other second. */
export function trimLease(object: KubernetesObject): KubernetesObject {
  const { metadata, spec } = object as V1Lease;
  return {
    ...kindOf(object),
    metadata: { ...identity(metadata), ...pick(metadata, 'labels', 'annotations') },
    spec,
  } as KubernetesObject;
}

/** All but who wrote it. */
export function trimRevision(object: KubernetesObject): V1ControllerRevision {
  const { metadata, data, revision } = object as V1ControllerRevision;
  return {
    ...kindOf(object),
    metadata: { ...identity(metadata), ...pick(metadata, 'labels', 'annotations') },
    data,
    revision,
  };
}
