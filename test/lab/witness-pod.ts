// A witness in a pod of a lab, with the objects and the rights that one has, written by hand.
import type { Lab } from './lab.ts';
import { operatorImageName } from './images.ts';

const namespace = 'kube-vip-system';
const name = 'kube-vip-operator-witness';
const segment = '0a1b2c3d';
const prefix = `kube-vip-witness.${segment}`;

/** What is asked of {@link witnessManifest}. */
export interface WitnessPod {
  readonly node: string;
  readonly capabilities: readonly string[];
}

const meta = (of: string): object => ({ name: of, namespace });

const role = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  metadata: meta(name),
  rules: [
    { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'update'] },
  ],
};

const binding = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: meta(name),
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
  subjects: [{ kind: 'ServiceAccount', name, namespace }],
};

const environment = (node: string): readonly object[] => [
  { name: 'WITNESS_SEGMENT', value: segment },
  { name: 'NODE_NAME', value: node },
  { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
];

const pod = ({ node, capabilities }: WitnessPod): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { ...meta(`witness-${node}`), labels: { 'kubevip.dev/witness': segment } },
  spec: {
    nodeName: node,
    hostNetwork: true,
    serviceAccountName: name,
    terminationGracePeriodSeconds: 1,
    tolerations: [{ operator: 'Exists' }],
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'witness',
        image: operatorImageName,
        command: ['/app/dist/witness'],
        env: environment(node),
        resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'], add: capabilities },
        },
      },
    ],
  },
});

const lease = (node: string): object => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { ...meta(`${prefix}.${node}`), labels: { 'kubevip.dev/witness': segment } },
  spec: { leaseDurationSeconds: 10 },
});

/** The ConfigMap with the questions. */
export const questionsManifest = (questions: object): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: meta(prefix),
    data: { questions: JSON.stringify(questions) },
  });

/** Everything that a witness on a node needs, but its questions. */
export const witnessManifest = (asked: WitnessPod): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: meta(name) },
      role,
      binding,
      lease(asked.node),
      pod(asked),
    ],
  });

interface LeaseObject {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: { readonly holderIdentity?: string; readonly renewTime?: string };
}

/** The Lease of the witness on a node. */
export const readLease = (lab: Lab, node: string): Promise<LeaseObject> =>
  lab.read(`/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${prefix}.${node}`);

/** What the witness on a node has written last. */
export async function readAnswers<T>(lab: Lab, node: string): Promise<T | undefined> {
  const { metadata } = await readLease(lab, node);
  const text = metadata.annotations?.['kubevip.dev/answers'];
  return text === undefined ? undefined : (JSON.parse(text) as T);
}
