// What status says of pods that are not well.
import type { V1Affinity, V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import { daemonSet, kubeVipConfig, lease, now, pod, snapshot } from '../builders.ts';
import { node, silentNode } from '../cluster-builders.ts';
import type { Row } from '../status/preflight-cases.ts';

/** A pod whose container is in this state. */
export const ailing = (overrides: Partial<V1ContainerStatus>, node = 'n1'): V1Pod =>
  pod({
    node,
    status: {
      containerStatuses: [
        { name: 'kube-vip', image: '', imageID: '', ready: false, restartCount: 4, ...overrides },
      ],
    },
  });

/** A container that the kubelet has not started again yet. */
export const ended = (exitCode: number, reason = 'Error'): Partial<V1ContainerStatus> => ({
  state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
  lastState: { terminated: { exitCode, reason } },
});

const alone = kubeVipConfig({ spec: { services: undefined } });
const world = (pods: readonly V1Pod[], lastWords = {}) =>
  snapshot({ config: alone, pods, lastWords, daemonSets: [daemonSet({ config: alone, ready: 1 })] });
const labelled = (node: string, label: string, value: string): V1Pod => {
  const object = pod({ node });
  return {
    ...object,
    metadata: { ...object.metadata, labels: { ...object.metadata?.labels, [label]: value } },
  };
};
const made = (node: string, generation: string) => labelled(node, 'pod-template-generation', generation);
const silent = (object: V1Pod): V1Pod => ({ ...object, status: { conditions: [] } });

/** n1 reports if it is there, n2 does not; the DaemonSet controller does not count n2 any more. */
function unheard(revisions: Readonly<Record<string, string>>) {
  const pods = Object.entries(revisions).map(([name, hash]) =>
    labelled(name, 'controller-revision-hash', hash),
  );
  const counted = pods.length - 1;
  return snapshot({
    config: alone,
    daemonSets: [daemonSet({ config: alone, desired: counted, updated: counted, ready: counted })],
    pods: pods.map((row) => (row.spec?.nodeName === 'n2' ? silent(row) : row)),
    nodes: [node({ name: 'n1' }), silentNode('n2')],
  });
}
const halfWay = daemonSet({ config: alone, updated: 1 });
const rolling = {
  ...halfWay,
  metadata: {
    ...halfWay.metadata,
    annotations: { ...halfWay.metadata?.annotations, 'deprecated.daemonset.template.generation': '2' },
  },
};

/** As a DaemonSet writes it. */
export const onNode = (name: string): V1Affinity => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] }],
    },
  },
});

const briefly = {
  ...ailing({ state: { running: {} }, lastState: { terminated: { exitCode: 0 } } }, 'n2'),
};
briefly.status = { ...briefly.status, conditions: [{ type: 'Ready', status: 'True' }] };

export const diagnosisRows: readonly Row[] = [
  [
    'takes exit code 0 for the failed start that it is',
    world([ailing(ended(0, 'Completed'))]),
    'Programmed',
    'False FailedStart: Pod edge-control-plane-n1 on n1 ended with exit code 0 (a failed start or a lost Lease, no success). DaemonSet edge-control-plane: 1 of 3 pods are ready. Read on with kubectl -n kube-vip-system logs edge-control-plane-n1 --previous.',
  ],
  [
    'quotes the last line of a log, and counts the pods that crash alike',
    world([ailing(ended(1)), ailing(ended(1), 'n2')], {
      'edge-control-plane-n2': 'no such network interface',
    }),
    'Programmed',
    'False CrashLoop: Pod edge-control-plane-n2 on n2 crashes with exit code 1, 2 pods affected. Its log ends with “no such network interface”. DaemonSet edge-control-plane: 1 of 3 pods are ready. Read on with kubectl -n kube-vip-system logs edge-control-plane-n2 --previous.',
  ],
  [
    'says who ran out of memory',
    world([ailing(ended(137, 'OOMKilled'))]),
    'Programmed',
    'False Killed: Pod edge-control-plane-n1 on n1 ran out of memory (exit code 137, OOMKilled). DaemonSet edge-control-plane: 1 of 3 pods are ready. Raise the memory limit in the spec.',
  ],
  [
    'says what the container runtime refuses',
    world([ailing({ state: { waiting: { reason: 'CreateContainerError', message: 'no space left' } } })]),
    'Programmed',
    'False CannotStart: Pod edge-control-plane-n1 on n1 cannot start (CreateContainerError: no space left). DaemonSet edge-control-plane: 1 of 3 pods are ready. See kubectl -n kube-vip-system describe pod edge-control-plane-n1.',
  ],
  [
    'is not ready for a pod that is starting',
    world([pod({ isReady: false })]),
    'Programmed',
    'False PodsNotReady: DaemonSet edge-control-plane: 1 of 3 pods are ready. Pod edge-control-plane-n1 on n1 is starting. When that lasts, see kubectl -n kube-vip-system describe pod edge-control-plane-n1.',
  ],
  [
    'names the nodes that run an old revision',
    snapshot({
      config: alone,
      daemonSets: [rolling],
      pods: [made('n1', '2'), made('n3', '1'), made('n2', '1')],
    }),
    'Programmed',
    'False RollingOut: DaemonSet edge-control-plane: 1 of 3 nodes run the current revision. An old one still runs on n2, n3.',
  ],
  [
    'says why the pod of the holder does not run',
    world([ailing(ended(2))], { 'edge-control-plane-n1': 'panic: runtime error' }),
    'Ready',
    'False HolderNotReady: 203.0.113.100: pod edge-control-plane-n1 on n1 crashes with exit code 2. Its log ends with “panic: runtime error”. n1 holds Lease edge-control-plane. Read on with kubectl -n kube-vip-system logs edge-control-plane-n1 --previous.',
  ],
  [
    'says it beside who holds it, when the pod is not that of the holder',
    world([pod({}), ailing(ended(1), 'n2')]),
    'Ready',
    'True Held: 203.0.113.100 on n1, but pod edge-control-plane-n2 on n2 crashes with exit code 1. DaemonSet edge-control-plane: 1 of 3 pods are ready. Read on with kubectl -n kube-vip-system logs edge-control-plane-n2 --previous.',
  ],
  [
    'does not take a pod that runs for a moment between two crashes for one that is well',
    snapshot({
      config: alone,
      daemonSets: [daemonSet({ config: alone })],
      pods: [briefly],
      restarts: { 'edge-control-plane-n2': { at: now - 3000, ranMs: 4000 } },
    }),
    'Programmed',
    'False FailedStart: Pod edge-control-plane-n2 on n2 ended with exit code 0 (a failed start or a lost Lease, no success). DaemonSet edge-control-plane: 2 of 3 pods are ready. Read on with kubectl -n kube-vip-system logs edge-control-plane-n2 --previous.',
  ],
  [
    'does not take one that has just ended for one that is well, when the DaemonSet controller still counts it',
    snapshot({
      config: alone,
      daemonSets: [daemonSet({ config: alone })],
      pods: [ailing(ended(0), 'n2')],
    }),
    'Programmed',
    'False FailedStart: Pod edge-control-plane-n2 on n2 ended with exit code 0 (a failed start or a lost Lease, no success). DaemonSet edge-control-plane: 2 of 3 pods are ready. Read on with kubectl -n kube-vip-system logs edge-control-plane-n2 --previous.',
  ],
  [
    'says that a rollout waits for a node that does not report',
    snapshot({
      config: alone,
      daemonSets: [rolling],
      pods: [made('n1', '2'), silent(made('n2', '1'))],
      nodes: [node({ name: 'n1' }), silentNode('n2')],
    }),
    'Programmed',
    'False NodeUnheard: Pod edge-control-plane-n2 on n2 is not heard of (the kubelet of its node does not report). DaemonSet edge-control-plane: 1 of 3 nodes run the current revision. An old one still runs on n2. Start that kubelet, or delete the Node when it is gone for good.',
  ],
  [
    'goes on to say so when the DaemonSet controller does not count that node any more',
    unheard({ n1: 'new', n2: 'old' }),
    'Programmed',
    'False NodeUnheard: Pod edge-control-plane-n2 on n2 is not heard of (the kubelet of its node does not report). DaemonSet edge-control-plane: 1 of 1 nodes run the current revision. An old one still runs on n2. Start that kubelet, or delete the Node when it is gone for good.',
  ],
  [
    'is content with a node that runs the current revision and does not report',
    unheard({ n1: 'new', n2: 'new' }),
    'Programmed',
    'True Applied',
  ],
  [
    'does not say that no node matches when one does that does not report',
    unheard({ n2: 'new' }),
    'Programmed',
    'False NodeUnheard: Pod edge-control-plane-n2 on n2 is not heard of (the kubelet of its node does not report). DaemonSet edge-control-plane has no node that reports. Start that kubelet, or delete the Node when it is gone for good.',
  ],
  [
    'goes on to judge who holds the Lease then',
    { ...unheard({ n2: 'new' }), leases: [lease({ holder: 'n2' })] },
    'Ready',
    'False HolderNotReady: 203.0.113.100: pod edge-control-plane-n2 on n2 is not heard of. The kubelet of its node does not report. n2 holds Lease edge-control-plane. Start that kubelet, or delete the Node when it is gone for good.',
  ],
  [
    'says which host port of which node is taken',
    world([
      {
        ...pod({
          status: {
            conditions: [
              {
                type: 'PodScheduled',
                status: 'False',
                message:
                  "0/3 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.",
              },
            ],
          },
        }),
        spec: {
          affinity: onNode('n2'),
          containers: [{ name: 'kube-vip', ports: [{ containerPort: 29_105, hostPort: 29_105 }] }],
        },
      },
    ]),
    'Programmed',
    "False Unschedulable: Pod edge-control-plane-n1 on n2 is not scheduled. node(s) didn't have free ports for the requested pod ports. DaemonSet edge-control-plane: 1 of 3 pods are ready. End what has host port 29105 there.",
  ],
  [
    'says that a rollout waits for an image',
    snapshot({
      config: alone,
      daemonSets: [rolling],
      pods: [ailing({ state: { waiting: { reason: 'ErrImagePull' } } })],
    }),
    'Programmed',
    'False ImagePull: Pod edge-control-plane-n1 on n1 cannot pull its image. DaemonSet edge-control-plane: 1 of 3 nodes run the current revision. Check spec.image and that its node reaches the registry.',
  ],
];
