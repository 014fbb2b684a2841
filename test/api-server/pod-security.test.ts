// The operator's pod passes Pod Security's strictest profile, by the judgement of the API server.
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { V1Deployment, V1PodSpec } from '@kubernetes/client-node';
import { startCluster, type TestCluster } from './cluster.ts';
import { until } from './until.ts';

jest.setTimeout(30_000);

const strict = 'strict';
let cluster: TestCluster;
let spec: V1PodSpec;

beforeAll(async () => {
  cluster = await startCluster();
  await cluster.api.kubectl('create', 'namespace', strict);
  const level = 'pod-security.kubernetes.io/enforce';
  await cluster.api.kubectl('label', 'namespace', strict, `${level}=restricted`, `${level}-version=latest`);
  await cluster.api.kubectl('-n', strict, 'create', 'serviceaccount', 'kube-vip-operator');
  const deployment = await cluster.admin.expect<V1Deployment>({
    method: 'GET',
    path: '/apis/apps/v1/namespaces/kube-vip-system/deployments/kube-vip-operator',
  });
  spec = deployment.spec?.template.spec as V1PodSpec;
  // What the pods of the next tests are refused for must be Pod Security, and in force.
  await until('the profile to be in force', async () =>
    (await refusal({ ...spec, hostNetwork: true }))?.includes('PodSecurity'),
  );
}, 60_000);

afterAll(() => cluster?.stop());

const refusal = (pod: V1PodSpec): Promise<string | undefined> =>
  cluster.admin.refusal({
    method: 'POST',
    path: `/api/v1/namespaces/${strict}/pods?dryRun=All`,
    body: { metadata: { name: 'operator' }, spec: pod },
  });

it('is admitted where the profile "restricted" is enforced', async () => {
  expect(await refusal(spec)).toBeUndefined();
});

it.each<[string, (spec: V1PodSpec) => V1PodSpec, RegExp]>([
  [
    'without a seccomp profile',
    (pod) => ({ ...pod, securityContext: { runAsNonRoot: true } }),
    /seccompProfile/,
  ],
  [
    'with capabilities',
    (pod) => ({
      ...pod,
      containers: pod.containers.map((row) => ({
        ...row,
        securityContext: { allowPrivilegeEscalation: false },
      })),
    }),
    /unrestricted capabilities/,
  ],
])('would not be %s', async (_, spoil, message) => {
  expect(await refusal(spoil(spec))).toMatch(message);
});
