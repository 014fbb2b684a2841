// The witnesses of one segment as a DaemonSet: the operator's own image, on two named nodes, in their network. They open a raw
// socket, which takes NET_RAW, and they read their questions and write their answers through the API server.
import type { V1Affinity, V1Container, V1DaemonSet, V1PodSpec } from '@kubernetes/client-node';
import { annotations, labels, managedByValue, witnessName } from '../api/metadata.ts';
import { fingerprint } from './hash.ts';
import type { ProbeImage } from './probe-daemon-set.ts';

/** Name of the account of the witnesses. */
export const witnessAccount = 'kube-vip-operator-witness';

/** All that the DaemonSet of a segment depends on. */
export interface WitnessInput {
  readonly segment: string;
  /** Names of the nodes. */
  readonly nodes: readonly string[];
  readonly namespace: string;
  readonly image: ProbeImage;
}

const fromField = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });

function container({ segment, image }: WitnessInput): V1Container {
  return {
    name: 'witness',
    image: image.image,
    imagePullPolicy: 'IfNotPresent',
    // Of the image (Dockerfile); its own entry point is the operator.
    command: ['/app/dist/witness'],
    env: [
      { name: 'WITNESS_SEGMENT', value: segment },
      fromField('NODE_NAME', 'spec.nodeName'),
      fromField('POD_NAME', 'metadata.name'),
    ],
    resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
    securityContext: {
      runAsNonRoot: true,
      // The kubelet takes the user of the image without its group, which would be root's.
      runAsGroup: 65532,
      // The program has the capability from its file, which the kernel grants within what the container may have.
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'], add: ['NET_RAW'] },
    },
  };
}

// By name, and one term each: a field takes one value (ValidateNodeFieldSelectorRequirement of Kubernetes).
const onNodes = (nodes: readonly string[]): V1Affinity => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: nodes.map((name) => ({
        matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }],
      })),
    },
  },
});

/** Labels that select the pods of the witnesses of a segment; none of them selects a component. */
export function witnessLabels(segment: string): Record<string, string> {
  return { [labels.appName]: witnessAccount, [labels.witness]: segment };
}

function podSpec(input: WitnessInput): V1PodSpec {
  const pullSecrets = input.image.pullSecrets.map((name) => ({ name }));
  return {
    serviceAccountName: witnessAccount,
    hostNetwork: true,
    dnsPolicy: 'Default',
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 1,
    securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
    affinity: onNodes(input.nodes),
    // What keeps workloads off a node does not keep its network from being seen.
    tolerations: [
      { operator: 'Exists', effect: 'NoSchedule' },
      { operator: 'Exists', effect: 'NoExecute' },
    ],
    ...(pullSecrets.length > 0 && { imagePullSecrets: pullSecrets }),
    containers: [container(input)],
  };
}

/** The DaemonSet of the witnesses of a segment. No KubeVipConfig owns it: all of them share it. */
export function renderWitness(input: WitnessInput): V1DaemonSet {
  const selector = witnessLabels(input.segment);
  const all = { ...selector, [labels.managedBy]: managedByValue };
  const spec: V1DaemonSet['spec'] = {
    selector: { matchLabels: selector },
    template: { metadata: { labels: all }, spec: podSpec(input) },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: {
      name: witnessName(input.segment),
      namespace: input.namespace,
      labels: all,
      annotations: { [annotations.renderedHash]: fingerprint([all, spec]) },
    },
    spec,
  };
}
