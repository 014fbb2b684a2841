// Where, by whom and when an unsafe kube-vip may be written: what runs keeps running and can restart.
import { afterAll, beforeAll, describe, jest } from '@jest/globals';
import { operatorUser } from '../audit.ts';
import { namespace as ours } from '../cluster.ts';
import { startFence, type Fence, type Write } from './fence.ts';
import { judges } from './judges.ts';
import { change, collection, container, create, inContainer, podSpec } from './workloads.ts';

jest.setTimeout(100_000);

const policy = 'foreign-kube-vip.kubevip.dev';
const bad = { env: { cp_enable: 'true' } };
const controller = (name: string): string => `system:serviceaccount:kube-system:${name}-controller`;
const both = (kind: string, where = 'default', name = 'kube-vip') =>
  `${kind} ${where}/${name}: container kube-vip: expected cp_enable or svc_enable, found both true in one process, which ends both when it loses either Lease; make two DaemonSets. Declare a KubeVipConfig instead` +
  (where === ours
    ? ''
    : `, or label namespace ${where} kubevip.dev/unsafe-kube-vip=allowed to run it as it is`);

const probe = create({ ...bad, name: 'probe' });
let fence: Fence;

const owner = (name: string, kind = 'KubeVipConfig') => [
  { apiVersion: 'kubevip.dev/v1alpha1', kind, name, uid: '1', controller: true },
];
const edge = { namespace: ours, name: 'edge-services' };
const disguised = { namespace: ours, name: 'disguised', ownerReferences: owner('edge') };

beforeAll(async () => {
  fence = await startFence();
  const namespace = (name: string, labels: object) =>
    fence.must({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name, labels } } });
  await namespace('open', { 'kubevip.dev/unsafe-kube-vip': 'allowed' });
  await namespace('ajar', { 'kubevip.dev/unsafe-kube-vip': 'true' });
  await fence.api.kubectl('label', 'namespace', ours, 'kubevip.dev/unsafe-kube-vip=allowed');
  await fence.inForce(policy, probe);
  await fence.must(create({ ...edge, ownerReferences: owner('edge') }));
  await fence.must(create(disguised));
  // What runs was made before the policy was installed.
  await fence.open(policy, probe);
  await fence.must(create(bad));
  await fence.must(create({ ...bad, kind: 'Deployment' }));
  await fence.must(create({ ...bad, kind: 'CronJob' }));
  await fence.must(create({ ...bad, kind: 'ReplicationController' }));
  await fence.close(policy, probe);
}, 90_000);

afterAll(() => fence?.stop());

describe('an unsafe kube-vip', () => {
  const made = (kind: 'DaemonSet' | 'ReplicaSet' | 'Job', as: string): Write => ({
    ...create({ kind, name: 'new', ...bad }),
    as,
  });
  const claimed = [{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'x', uid: '1', controller: true }];

  judges(
    () => fence,
    [
      ['is allowed in a namespace that opts out', create({ ...bad, namespace: 'open' }), 'allowed'],
      [
        'is refused where the label says something else',
        create({ ...bad, namespace: 'ajar' }),
        both('DaemonSet', 'ajar'),
      ],
      [
        'is refused in kube-vip-system, which cannot opt out',
        create({ ...bad, namespace: ours }),
        both('DaemonSet', ours),
      ],
      ['is refused to an ordinary user', made('DaemonSet', 'jane'), both('DaemonSet', 'default', 'new')],
      ['is allowed to the operator', made('DaemonSet', operatorUser), 'allowed'],
      ['is allowed in a ReplicaSet of a Deployment', made('ReplicaSet', controller('deployment')), 'allowed'],
      ['is allowed in a Job of a CronJob', made('Job', controller('cronjob')), 'allowed'],
      [
        'is refused in a Job that says it is of a CronJob',
        create({ kind: 'Job', name: 'new', ...bad, ownerReferences: claimed }),
        both('Job', 'default', 'new'),
      ],
    ],
  );
});

describe('an unsafe kube-vip that runs', () => {
  const deployment = { kind: 'Deployment' } as const;
  const rc = { kind: 'ReplicationController' } as const;
  const pod: Write = {
    method: 'POST',
    path: '/api/v1/namespaces/default/pods',
    body: {
      metadata: { name: 'kube-vip-n1', labels: { app: 'kube-vip' } },
      spec: {
        nodeName: 'n1',
        serviceAccountName: 'pods',
        automountServiceAccountToken: false,
        containers: [container(bad)],
      },
    },
    as: controller('daemon-set'),
  };
  const restarted = { 'kubectl.kubernetes.io/restartedAt': '2026-11-24T00:00:00Z' };
  const metadata = { annotations: { team: 'blue' }, labels: { team: 'blue' } };

  beforeAll(async () => {
    const path = '/api/v1/namespaces/default/serviceaccounts';
    await fence.must({ method: 'POST', path, body: { metadata: { name: 'pods' } } });
  });

  judges(
    () => fence,
    [
      ['gets its pods', pod, 'allowed'],
      ['gets its status', change({}, { status: { numberReady: 1 } }, '/status'), 'allowed'],
      ['can be scaled', change(deployment, { spec: { replicas: 0 } }, '/scale'), 'allowed'],
      [
        'can get its status as a ReplicationController',
        change(rc, { status: { replicas: 1 } }, '/status'),
        'allowed',
      ],
      ['can be scaled as a ReplicationController', change(rc, { spec: { replicas: 2 } }), 'allowed'],
      [
        'cannot change its image as a ReplicationController',
        change(rc, inContainer({ image: 'kube-vip:v1.2.3' })),
        both('ReplicationController'),
      ],
      ['can be scaled the other way', change(deployment, { spec: { replicas: 2 } }), 'allowed'],
      ['can be annotated and labelled', change({}, { metadata }), 'allowed'],
      [
        'can be restarted',
        change({}, { spec: { template: { metadata: { annotations: restarted } } } }),
        'allowed',
      ],
      [
        'can get another update strategy',
        change({}, { spec: { updateStrategy: { type: 'OnDelete' } } }),
        'allowed',
      ],
      ['can be suspended', change({ kind: 'CronJob' }, { spec: { suspend: true } }), 'allowed'],
      [
        'can be made safe',
        change({}, inContainer({ env: [{ name: 'cp_enable', value: 'false' }] })),
        'allowed',
      ],
      [
        'can be deleted',
        { method: 'DELETE', path: `${collection('DaemonSet', 'default')}/kube-vip` },
        'allowed',
      ],
      ['cannot change its image', change({}, inContainer({ image: 'kube-vip:v1.2.3' })), both('DaemonSet')],
      [
        'cannot change its variables',
        change(deployment, inContainer({ env: [{ name: 'port', value: '6444' }] })),
        both('Deployment'),
      ],
      ['cannot change its nodes', change({}, podSpec({ nodeSelector: { disk: 'ssd' } })), both('DaemonSet')],
      [
        'cannot change its Jobs',
        change(
          { kind: 'CronJob' },
          { spec: { jobTemplate: { spec: { template: { spec: { nodeSelector: { disk: 'ssd' } } } } } } },
        ),
        both('CronJob'),
      ],
    ],
  );
});

describe('a DaemonSet that the operator made', () => {
  const variables = inContainer({ env: [{ name: 'cp_enable', value: 'true' }] });

  judges(
    () => fence,
    [
      ['can be edited in an emergency; the operator puts it back', change(edge, variables), 'allowed'],
      ['is not what merely says so', change(disguised, variables), both('DaemonSet', ours, 'disguised')],
      [
        'cannot be made unsafe by hand',
        create({ ...bad, namespace: ours, name: 'core-services', ownerReferences: owner('core') }),
        both('DaemonSet', ours, 'core-services'),
      ],
    ],
  );
});
