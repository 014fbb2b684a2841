// A kube-vip beside ours with settings that take addresses from nodes or from each other is refused, in words.
import { afterAll, beforeAll, describe, it, jest } from '@jest/globals';
import { startFence, type Fence, type Row } from './fence.ts';
import { expectOpen, judges } from './judges.ts';
import { create, type WorkloadParts } from './workloads.ts';

jest.setTimeout(100_000);

const policy = 'foreign-kube-vip.kubevip.dev';
const digest = `sha256:${'a'.repeat(64)}`;
const elsewhere =
  '. Declare a KubeVipConfig instead, or label namespace default kubevip.dev/unsafe-kube-vip=allowed to run it as it is';

const says = (what: string, subject = 'DaemonSet default/kube-vip'): string =>
  `${subject}: container kube-vip: ${what}${elsewhere}`;

const both =
  'expected cp_enable or svc_enable, found both true in one process, which ends both when it loses either Lease; make two DaemonSets';
const modes = (found: string) =>
  `expected one mode, found ${found}, of which one silently wins and not the same one in every release; keep one`;
const filter = (found: string) =>
  `expected lb_class_only true and lb_class_name not empty beside svc_enable, found ${found}, so that it takes addresses, also those of nodes, which another controller writes into the status of a Service`;
const notOnly = filter('lb_class_only not true');
const floating = (found: string) =>
  `image: expected a tag vX.Y.Z or a digest, found ${found}, which becomes another release when a pod restarts`;
const release07 = (tag: string) =>
  `image: expected a release other than v0.7.0 to v0.7.2 for Services, found ${tag}, which takes and removes addresses of nodes (kube-vip/kube-vip#752)`;
const unknown = (found: string) =>
  `image: expected a tag vX.Y.Z before the digest, found ${found}, so that the release cannot be judged`;
const hidden = (names: string) =>
  `${names}: expected plain values, found envFrom, valueFrom, $(...) or more than 1000 characters, so that the workload cannot be judged; write them as name and value`;
const flags =
  'args: expected manager and no flags, found flags, so that the workload cannot be judged; write them as variables';

const controlPlane = {
  svc_enable: undefined,
  lb_class_only: undefined,
  lb_class_name: undefined,
  cp_enable: 'true',
};

const allowed: readonly (readonly [what: string, parts: WorkloadParts])[] = [
  ['one function, one mode, a class filter and a release', {}],
  ['a control plane alone', { env: controlPlane }],
  ['false, in whatever spelling', { env: { cp_enable: 'F', bgp_enable: '0', vip_wireguard: 'FALSE' } }],
  ['true, in whatever spelling', { env: { vip_arp: 'T', svc_enable: '1', lb_class_only: 'True' } }],
  [
    'what kube-vip does not take for true, and then does not start',
    { env: { cp_enable: 'yes', bgp_enable: 'on' } },
  ],
  ['the default class', { env: { lb_class_name: undefined } }],
  [
    'an exact match of the class instead',
    { env: { lb_class_only: undefined, lb_class_legacy_handling: 'false' } },
  ],
  ['a tag and a digest', { image: `ghcr.io/kube-vip/kube-vip:v1.1.2@${digest}` }],
  [
    'a digest alone, for a control plane',
    { image: `ghcr.io/kube-vip/kube-vip@${digest}`, env: controlPlane },
  ],
  ['the build of a mirror', { image: 'rancher/mirrored-kube-vip-kube-vip-iptables:v0.8.9-rancher1' }],
  ['v0.7.2 for a control plane', { image: 'ghcr.io/kube-vip/kube-vip:v0.7.2', env: controlPlane }],
  ['both functions under BGP', { env: { vip_arp: undefined, bgp_enable: 'true', cp_enable: 'true' } }],
  ['the name of its node', { env: { vip_nodename: { fieldRef: { fieldPath: 'spec.nodeName' } } } }],
  [
    'flags that decide nothing',
    { container: { args: ['manager', '--prometheusHTTPServer=$(HOST_IP):2113', '--log', '5'] } },
  ],
  [
    'a program of another name',
    { image: 'ghcr.io/kube-vip/kube-vip-cloud-provider:main', env: { cp_enable: 'true' } },
  ],
  [
    'the operator',
    { image: 'ghcr.io/kube-vip-operator/kube-vip-operator:latest', env: { cp_enable: 'true' } },
  ],
  ['nothing of kube-vip', { image: 'example.org/web', env: { cp_enable: 'true' } }],
];

const unsafe: readonly (readonly [what: string, parts: WorkloadParts, sentence: string])[] = [
  ['both functions', { env: { cp_enable: 'true' } }, both],
  ['both functions, in other spellings', { env: { cp_enable: 't', svc_enable: 'TRUE' } }, both],
  ['two modes', { env: { bgp_enable: '1' } }, modes('vip_arp and bgp_enable')],
  [
    'two modes, neither of them ARP',
    { env: { vip_arp: 'false', vip_routingtable: 'true', vip_wireguard: 'true' } },
    modes('vip_routingtable and vip_wireguard'),
  ],
  ['no class filter', { env: { lb_class_only: undefined } }, notOnly],
  ['a class filter that is off', { env: { lb_class_only: 'false' } }, notOnly],
  [
    'a class filter twice',
    {
      container: {
        env: [
          ...['vip_arp', 'svc_enable', 'lb_class_only'].map((name) => ({ name, value: 'true' })),
          { name: 'lb_class_only', value: 'false' },
        ],
      },
    },
    notOnly,
  ],
  [
    'an exact match that the release does not know',
    {
      image: 'ghcr.io/kube-vip/kube-vip:v0.8.0',
      env: { lb_class_only: undefined, lb_class_legacy_handling: 'false' },
    },
    notOnly,
  ],
  ['an empty class', { env: { lb_class_name: '' } }, filter('lb_class_name empty')],
  ['no tag', { image: 'ghcr.io/kube-vip/kube-vip' }, floating('no tag')],
  ['no tag, at a registry with a port', { image: 'registry.example.org:5000/kube-vip' }, floating('no tag')],
  ['a floating tag', { image: 'plndr/kube-vip:latest' }, floating('latest')],
  ['half a version', { image: 'ghcr.io/kube-vip/kube-vip-iptables:v1.1' }, floating('v1.1')],
  ['a floating tag, for a control plane', { image: 'kube-vip:main', env: controlPlane }, floating('main')],
  ['a digest alone', { image: `ghcr.io/kube-vip/kube-vip@${digest}` }, unknown('none')],
  ['v0.7.0', { image: 'ghcr.io/kube-vip/kube-vip:v0.7.0' }, release07('v0.7.0')],
  [
    'v0.7.2 by digest',
    { image: `mirror.example.org/kube-vip/kube-vip:v0.7.2@${digest}` },
    release07('v0.7.2'),
  ],
  [
    'a hidden function',
    { env: { cp_enable: { configMapKeyRef: { name: 'settings', key: 'cp' } } } },
    hidden('cp_enable'),
  ],
  ['a function by reference', { env: { cp_enable: '$(CP)' } }, hidden('cp_enable')],
  ['flags', { container: { args: ['manager', '--controlplane'] } }, flags],
  [
    'the settings of the outage',
    {
      image: 'ghcr.io/kube-vip/kube-vip:v0.7.2',
      env: { cp_enable: 'true', vip_leaderelection: 'false', lb_class_only: undefined },
    },
    `${both}; container kube-vip: ${notOnly}; container kube-vip: ${release07('v0.7.2')}`,
  ],
];

const kinds = [
  'DaemonSet',
  'Deployment',
  'StatefulSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'CronJob',
] as const;

const rows: readonly Row[] = [
  ...allowed.map(([what, parts]): Row => [what, create(parts), 'allowed']),
  ...unsafe.map(([what, parts, sentence]): Row => [what, create(parts), says(sentence)]),
  ...kinds.map((kind): Row => [
    `both functions in a ${kind}`,
    create({ kind, env: { cp_enable: 'true' } }),
    says(both, `${kind} default/kube-vip`),
  ]),
  [
    'an init container with both functions',
    create({
      image: 'example.org/web',
      initContainers: [
        {
          name: 'first',
          image: 'kube-vip:v1.1.2',
          env: ['vip_arp', 'cp_enable', 'svc_enable', 'lb_class_only'].map((name) => ({
            name,
            value: 'true',
          })),
        },
      ],
    }),
    says(both).replace('container kube-vip', 'container first'),
  ],
];

const bad = { env: { cp_enable: 'true' } };
const probe = create(bad);
let fence: Fence;

beforeAll(async () => {
  fence = await startFence();
  await fence.inForce(policy, probe);
}, 90_000);

afterAll(() => fence?.stop());

describe('a kube-vip with', () => {
  judges(() => fence, rows);
});

it('allows every refused write without the fence', async () => {
  await expectOpen(fence, policy, probe, rows);
});
