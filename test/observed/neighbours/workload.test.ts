import { readFileSync } from 'node:fs';
import type {
  KubernetesObject,
  V1Container,
  V1OwnerReference,
  V1PodSpec,
  V1ValidatingAdmissionPolicy,
} from '@kubernetes/client-node';
import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import {
  isCiliumImage,
  isKubeVipImage,
  kubeVipPattern,
  otherProgramPattern,
  trimWorkload,
  withoutTwice,
} from '../../../src/observed/neighbours/workload.ts';
import { kubeVip as foreign } from '../../preflight/survey-builders.ts';

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
  [
    'fills in arguments what the template says of variables, and no more',
    { containers: [container('x/metallb:v1', { CLASS: 'a/b' }, '--lb-class=$(CLASS)', '--x=$(NO)')] },
    [{ images: ['x/metallb:v1'], env: {}, args: ['--lb-class=a/b', '--x=$(NO)'] }],
  ],
  [
    'keeps kube-proxy',
    { containers: [container('x/kube-proxy-amd64:v1', {}, '--v=2')] },
    [{ images: ['x/kube-proxy-amd64:v1'], env: {}, args: ['--v=2'] }],
  ],
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

it.each([
  ['with hostNetwork', true],
  ['without', undefined],
])('keeps whether it runs in the network of its node: %s', (_, hostNetwork) => {
  const spec = { containers: [kubeVip('203.0.113.1')], ...(hostNetwork && { hostNetwork }) };
  const rows = trimWorkload('DaemonSet', daemonSet(spec));
  expect(rows.map((row) => row.hostNetwork)).toEqual([hostNetwork === true]);
});

describe('of a workload of a tenant, which may have a megabyte of anything', () => {
  const long = 'x'.repeat(300_000);

  it.each<readonly [string, V1Container]>([
    [
      'arguments',
      { ...container('x/metallb:v1'), args: Array.from({ length: 20_000 }, () => 'x'.repeat(50)) },
    ],
    ['one argument', container('x/metallb:v1', {}, long)],
    [
      'a value that an argument names again and again',
      container('x/metallb:v1', { A: long }, '$(A)'.repeat(9000)),
    ],
    ['variables', container('x/kube-vip:v1.1.2', { address: long })],
    ['an image', container(`x/${long}/kube-proxy:v1`)],
  ])('little is kept: %s', (_, row) => {
    const rows = trimWorkload('DaemonSet', daemonSet({ containers: [row] }));
    expect(rows).toHaveLength(row.image?.includes(long) === true ? 0 : 1);
    expect(JSON.stringify(rows).length).toBeLessThan(70_000);
  });

  it('little is kept of labels and containers', () => {
    const containers = [
      ...Array.from({ length: 5000 }, (_, n) => container(`x/web:${n}`)),
      container('x/metallb:v1'),
    ];
    const object = {
      ...daemonSet({ containers }),
      metadata: { namespace: 'a', name: 'b', labels: { long } },
    };
    const [row] = trimWorkload('DaemonSet', object);
    expect(row).toMatchObject({ labels: {}, images: ['x/metallb:v1'] });
  });

  it('variables that are too much to be kept are not known', () => {
    const [row] = trimWorkload(
      'DaemonSet',
      daemonSet({ containers: [container('x/kube-vip:v1', { a: long })] }),
    );
    expect(row).toMatchObject({ env: {}, unclear: ['envFrom'] });
  });
});

const owner = (kind: string, name: string, apiVersion = 'v1') => [
  { apiVersion, kind, name, uid: '1', controller: true },
];
const podOf = (ownerReferences?: V1OwnerReference[], phase = 'Running'): KubernetesObject =>
  ({
    metadata: { namespace: 'a', name: 'b', ...(ownerReferences && { ownerReferences }) },
    spec: { nodeName: 'n1', containers: [kubeVip('203.0.113.1')] },
    status: { phase },
  }) as KubernetesObject;

it.each<readonly [string, KubernetesObject, readonly unknown[]]>([
  ['keeps a pod that a person made', podOf(), [undefined]],
  ['keeps the mirror of a static pod', podOf(owner('Node', 'n1')), [undefined]],
  ['keeps a pod of a Job', podOf(owner('Job', 'once', 'batch/v1')), ['Job/once']],
  [
    'keeps a pod of a ReplicationController',
    podOf(owner('ReplicationController', 'old')),
    ['ReplicationController/old'],
  ],
  ['keeps a pod of a ReplicaSet', podOf(owner('ReplicaSet', 'x-1', 'apps/v1')), ['ReplicaSet/x-1']],
  [
    'keeps a pod of a DaemonSet of others',
    podOf(owner('DaemonSet', 'x', 'apps.kruise.io/v1alpha1')),
    ['DaemonSet/x'],
  ],
  [
    'names what controls a pod of several',
    podOf([{ apiVersion: 'a/v1', kind: 'B', name: 'c', uid: '2' }, ...owner('Job', 'once', 'batch/v1')]),
    ['Job/once'],
  ],
  ['drops a pod of a DaemonSet, which is listed', podOf(owner('DaemonSet', 'x', 'apps/v1')), []],
  ['drops a pod of a StatefulSet, which is listed', podOf(owner('StatefulSet', 'x', 'apps/v1')), []],
  ['drops a pod that has ended', podOf(owner('Job', 'once', 'batch/v1'), 'Succeeded'), []],
])('%s', (_, object, owners) => {
  expect(trimWorkload('Pod', object).map((row) => row.owner)).toEqual(owners);
});

it('drops pods of Deployments that are listed, and of no other ReplicaSet', () => {
  const deployment = foreign({}, { kind: 'Deployment', name: 'vip' });
  const pod = (name: string, namespace = 'kube-system') =>
    foreign(
      {},
      { kind: 'Pod', name, namespace, owner: `ReplicaSet/${name}`, labels: { 'pod-template-hash': '5d4' } },
    );
  const kept = [deployment, pod('vip-other-5d4'), pod('other-5d4'), pod('vip-5d4', 'elsewhere')];
  expect(withoutTwice([...kept, pod('vip-5d4')])).toEqual(kept);
});

describe('isKubeVipImage', () => {
  it.each([
    ['ghcr.io/kube-vip/kube-vip:v1.1.2', true],
    ['ghcr.io/kube-vip/kube-vip-iptables@sha256:0', true],
    ['kube-vip', true],
    ['registry.example.org:5000/mirror/kube-vip', true],
    ['rancher/mirrored-kube-vip-kube-vip:v1.0.2', true],
    ['registry.example.org/rancher/mirrored-kube-vip-kube-vip-iptables:v0.8.9-rancher1', true],
    ['docker.io/plndr/kube-vip:v0.4.0', true],
    ['registry.example.org/plndr-kube-vip:v0.4.0', true],
    ['ghcr.io/kube-vip/kube-vip-debug:v1.1.2', true],
    ['ghcr.io/kube-vip/kube-vip-cloud-provider:v0.0.12', false],
    ['ghcr.io/kube-vip-operator/kube-vip-operator:v0.1.0', false],
    ['example.org/not-kube-vip:v1', false],
    ['example.org/web', false],
  ])('%s: %s', (image, isOne) => {
    expect(isKubeVipImage(image)).toBe(isOne);
  });
});

describe.each(['foreign-kube-vip', 'foreign-kube-vip-claims'])('policy %s', (name) => {
  const [policy] = parseAllDocuments(readFileSync(`config/admission/${name}.yaml`, 'utf8')).map(
    (document) => document.toJS() as V1ValidatingAdmissionPolicy,
  );
  const { matchConditions = [], variables = [] } = policy?.spec ?? {};
  const expressions = [...matchConditions, ...variables].map((row) => row.expression);
  const written = (pattern: RegExp): readonly (string | undefined)[] =>
    expressions.flatMap((text) => [...text.matchAll(pattern)].map(([, found]) => found));

  it('takes the same images for kube-vip, where it applies and where it judges', () => {
    expect(written(/image\.orValue\(''\)\.matches\('([^']+)'\)/g)).toEqual([kubeVipPattern, kubeVipPattern]);
    expect(written(/image\.matches\('([^']+)'\)/g)).toEqual([otherProgramPattern, otherProgramPattern]);
  });
});

it('knows Cilium by its agent', () => {
  const images = ['quay.io/cilium/cilium:v1.18.0', 'quay.io/cilium/operator-generic:v1.18.0'];
  expect(images.map(isCiliumImage)).toEqual([true, false]);
});
