import type { KubernetesObject, V1Container, V1PodSpec } from '@kubernetes/client-node';
import { expect, it } from '@jest/globals';
import { trimWorkload } from '../../../src/preflight/facts/workload.ts';

const container = (image: string, env: Readonly<Record<string, string>> = {}, ...args: string[]) =>
  ({
    name: 'c',
    image,
    args,
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
  }) satisfies V1Container;
const kubeVip = (address: string) => container('x/kube-vip:v1.1.2', { address }, 'manager');

const daemonSet = (spec: V1PodSpec): KubernetesObject =>
  ({ metadata: { namespace: 'a', name: 'b' }, spec: { template: { spec } } }) as KubernetesObject;
const kept = (spec: V1PodSpec) =>
  trimWorkload('DaemonSet', daemonSet(spec)).map(({ images, env, args }) => ({ images, env, args }));

const one = (address: string) => ({ images: ['x/kube-vip:v1.1.2'], env: { address }, args: ['manager'] });

it.each<readonly [string, V1PodSpec, readonly unknown[]]>([
  ['drops what does not concern us', { containers: [container('x/web:v1')] }, []],
  ['keeps a kube-vip', { containers: [kubeVip('203.0.113.1')] }, [one('203.0.113.1')]],
  [
    'keeps one that is an init container, or a sidecar among them',
    { containers: [container('x/web:v1')], initContainers: [kubeVip('203.0.113.1')] },
    [one('203.0.113.1')],
  ],
  [
    'keeps two in one pod apart',
    { containers: [kubeVip('203.0.113.1'), kubeVip('203.0.113.2')] },
    [one('203.0.113.1'), one('203.0.113.2')],
  ],
  [
    'takes no variable of another container for one of kube-vip',
    { containers: [container('x/web:v1', { address: '203.0.113.9' }), kubeVip('203.0.113.1')] },
    [one('203.0.113.1')],
  ],
  [
    'keeps all arguments of another load balancer in one',
    {
      containers: [
        container('quay.io/metallb/speaker:v0.15.2', { a: 'b' }, '--port=7472'),
        container('quay.io/frrouting/frr:10', {}, '-d'),
      ],
    },
    [
      {
        images: ['quay.io/metallb/speaker:v0.15.2', 'quay.io/frrouting/frr:10'],
        env: {},
        args: ['--port=7472', '-d'],
      },
    ],
  ],
])('%s', (_, spec, rows) => {
  expect(kept(spec)).toEqual(rows);
});
