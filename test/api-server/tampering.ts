// Everything that a person, a tool or an attacker may change in a DaemonSet of the operator.
import type { AdminRequest } from './admin.ts';
import { paths } from './cluster.ts';

/** The DaemonSet that is tampered with. */
export const tampered = `${paths.daemonSets}/edge-control-plane`;

type Step = Readonly<Record<string, unknown>>;
const jsonPatch = (...steps: Step[]): AdminRequest => ({
  method: 'PATCH',
  path: tampered,
  body: steps,
  type: 'patch',
});
/** A JSON merge patch of the tampered DaemonSet. */
export const merge = (body: Step): AdminRequest => ({ method: 'PATCH', path: tampered, body, type: 'merge' });
/** A strategic merge patch of the tampered DaemonSet. */
export const strategic = (body: Step): AdminRequest => ({
  method: 'PATCH',
  path: tampered,
  body,
  type: 'strategic',
});
const podSpec = (spec: Step): AdminRequest => strategic({ spec: { template: { spec } } });
/** A strategic merge patch of its one container. */
export const container = (fields: Step): AdminRequest =>
  podSpec({ containers: [{ name: 'kube-vip', ...fields }] });
const env = '/spec/template/spec/containers/0/env';

const nodeTerms =
  '/spec/template/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms';

/** One field of each kind, changed by somebody who is not the operator. */
export const tampering: readonly (readonly [what: string, request: AdminRequest])[] = [
  ['the value of a variable', container({ env: [{ name: 'vip_leaderelection', value: 'false' }] })],
  [
    'a variable that takes its value from elsewhere',
    container({
      env: [{ name: 'address', value: null, valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
    }),
  ],
  ['a variable too many', container({ env: [{ name: 'vip_cidr', value: '24' }] })],
  ['a variable too few', jsonPatch({ op: 'remove', path: `${env}/0` })],
  [
    'a variable twice',
    jsonPatch({ op: 'add', path: `${env}/-`, value: { name: 'address', value: '203.0.113.5' } }),
  ],
  ['variables in another order', jsonPatch({ op: 'move', from: `${env}/0`, path: `${env}/3` })],
  ['a ConfigMap as environment', container({ envFrom: [{ configMapRef: { name: 'sneaky' } }] })],
  ['the image', container({ image: 'ghcr.io/kube-vip/kube-vip:v0.7.2' })],
  ['the arguments', container({ args: ['manager', '--leaderElection=false'] })],
  ['a command', container({ command: ['/bin/sh'] })],
  ['a memory limit', container({ resources: { limits: { memory: '1Gi' } } })],
  ['a CPU limit', container({ resources: { limits: { cpu: '5m' } } })],
  [
    'a capability too many',
    container({ securityContext: { capabilities: { add: ['NET_ADMIN', 'NET_RAW', 'SYS_ADMIN'] } } }),
  ],
  [
    'a privileged container',
    container({ securityContext: { privileged: true, allowPrivilegeEscalation: true } }),
  ],
  ['a writable root', container({ securityContext: { readOnlyRootFilesystem: false } })],
  ['a liveness probe', container({ livenessProbe: { tcpSocket: { port: 6443 } } })],
  [
    'the metrics port',
    jsonPatch(
      { op: 'replace', path: '/spec/template/spec/containers/0/ports/0/containerPort', value: 29555 },
      { op: 'replace', path: '/spec/template/spec/containers/0/ports/0/hostPort', value: 29555 },
    ),
  ],
  ['a port too many', container({ ports: [{ containerPort: 2112, hostPort: 2112, name: 'more' }] })],
  ['a second container', podSpec({ containers: [{ name: 'sidecar', image: 'example.org/sidecar' }] })],
  ['an init container', podSpec({ initContainers: [{ name: 'first', image: 'example.org/first' }] })],
  ['a volume', podSpec({ volumes: [{ name: 'host', hostPath: { path: '/' } }] })],
  ['no host network', jsonPatch({ op: 'replace', path: '/spec/template/spec/hostNetwork', value: false })],
  ['the ServiceAccount', podSpec({ serviceAccountName: 'kube-vip-operator' })],
  ['the node selector', podSpec({ nodeSelector: { disk: 'ssd' } })],
  [
    'an effect of a toleration',
    jsonPatch({ op: 'add', path: '/spec/template/spec/tolerations/0/effect', value: 'NoSchedule' }),
  ],
  [
    'a narrower affinity',
    jsonPatch({
      op: 'add',
      path: `${nodeTerms}/0/matchFields`,
      value: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }],
    }),
  ],
  ['the affinity', jsonPatch({ op: 'remove', path: '/spec/template/spec/affinity' })],
  ['the tolerations', jsonPatch({ op: 'remove', path: '/spec/template/spec/tolerations/0' })],
  [
    'a toleration too many',
    jsonPatch({ op: 'add', path: '/spec/template/spec/tolerations/-', value: { operator: 'Exists' } }),
  ],
  ['the priority', podSpec({ priorityClassName: 'system-cluster-critical' })],
  ['the grace period', podSpec({ terminationGracePeriodSeconds: 1 })],
  ['the DNS policy', podSpec({ dnsPolicy: 'ClusterFirstWithHostNet' })],
  ['host PIDs', podSpec({ hostPID: true })],
  ['the update strategy', strategic({ spec: { updateStrategy: { type: 'RollingUpdate' } } })],
  [
    'several nodes at once',
    strategic({
      spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '100%' } } },
    }),
  ],
  ['the history limit', merge({ spec: { revisionHistoryLimit: 1 } })],
  ['minReadySeconds', merge({ spec: { minReadySeconds: 30 } })],
  [
    'a label of the pods',
    strategic({ spec: { template: { metadata: { labels: { 'app.kubernetes.io/managed-by': 'me' } } } } }),
  ],
  [
    'a label of the pods too many',
    strategic({ spec: { template: { metadata: { labels: { team: 'blue' } } } } }),
  ],
  [
    'an AppArmor profile as annotation of the pods',
    strategic({
      spec: {
        template: {
          metadata: {
            annotations: { 'container.apparmor.security.beta.kubernetes.io/kube-vip': 'unconfined' },
          },
        },
      },
    }),
  ],
  ['a label that is gone', merge({ metadata: { labels: { 'kubevip.dev/config': null } } })],
  ['the managed-by label', merge({ metadata: { labels: { 'app.kubernetes.io/managed-by': 'Helm' } } })],
  ['the hash annotation', merge({ metadata: { annotations: { 'kubevip.dev/rendered-hash': 'cafe' } } })],
  [
    'the hash annotation that is gone',
    merge({ metadata: { annotations: { 'kubevip.dev/rendered-hash': null } } }),
  ],
  ['the owner reference', merge({ metadata: { ownerReferences: null } })],
  ['the DaemonSet itself', { method: 'DELETE', path: tampered }],
];
