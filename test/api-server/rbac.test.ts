// What the operator may do, held against what it did in a run that takes every path: no permission is unused,
// and no request is refused.
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { grantedPermissions } from '../granted.ts';
import { describeRequest, operatorRequests, type AuditEvent } from './audit.ts';
import { specWith } from './builders.ts';
import { operatorUser, paths } from './cluster.ts';
import { startStage, type Stage } from './stage.ts';
import { tampered, container } from './tampering.ts';
import { until } from './until.ts';

jest.setTimeout(30_000);

/** What a request needs: a server-side apply that makes an object is a patch and a create. */
function needs({ verb, objectRef, responseStatus }: AuditEvent): readonly string[] {
  const { namespace, apiGroup = '', resource = '', subresource } = objectRef ?? {};
  const what = `${namespace ?? '*'} ${apiGroup}/${[resource, subresource].filter(Boolean).join('/')}`;
  return verb === 'patch' && responseStatus?.code === 201
    ? [`${what} patch`, `${what} create`]
    : [`${what} ${verb}`];
}

const sorted = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

let stage: Stage;

/** Creation, status, drift of a value and of an addition, deletion. */
async function takeEveryPath(): Promise<void> {
  const [api, services] = ['edge-control-plane', 'edge-services'];
  await stage.create('edge', specWith({ services: {} }));
  await stage.untilRuns(services);
  await stage.play.runHealthy(api, 'n1');
  await stage.admin.expect(container({ image: 'example.org/other' }));
  await stage.admin.expect({
    method: 'PATCH',
    path: tampered,
    body: { spec: { minReadySeconds: 5 } },
    type: 'merge',
  });
  await until('the repair', async () => (await stage.daemonSet(api))?.spec?.minReadySeconds === undefined);
  await stage.remove('edge');
  await until('it to be gone', async () => {
    await stage.play.collectGarbage();
    if ((await stage.daemonSet(api)) === undefined && (await stage.admin.get(`${paths.pods}/${api}-n1`))) {
      await stage.play.endPod(api, 'n1');
    }
    return (await stage.config('edge')) === undefined;
  });
}

beforeAll(async () => {
  stage = await startStage({ audit: true });
  await takeEveryPath();
}, 60_000);

afterAll(() => stage?.stop());

it('never asks for what it may not do', () => {
  const refused = operatorRequests(stage.api).filter(({ responseStatus }) =>
    [401, 403].includes(responseStatus?.code ?? 0),
  );
  expect(refused.map(describeRequest)).toEqual([]);
});

it('uses every permission that config/rbac/operator.yaml grants, and needs no other', () => {
  const granted = grantedPermissions();
  expect(granted.length).toBeGreaterThan(0);
  expect(sorted(operatorRequests(stage.api).flatMap(needs))).toEqual(sorted(granted));
});

it.each<[string, boolean, object]>([
  [
    'cannot grant rights',
    false,
    { verb: 'create', group: 'rbac.authorization.k8s.io', resource: 'clusterrolebindings' },
  ],
  ['cannot read Secrets', false, { verb: 'get', resource: 'secrets', namespace: 'kube-vip-system' }],
  [
    'cannot touch DaemonSets elsewhere',
    false,
    { verb: 'patch', group: 'apps', resource: 'daemonsets', namespace: 'kube-system' },
  ],
  [
    'can touch its own DaemonSets',
    true,
    { verb: 'patch', group: 'apps', resource: 'daemonsets', namespace: 'kube-vip-system' },
  ],
])('%s', async (_, allowed, resourceAttributes) => {
  const groups = ['system:serviceaccounts', 'system:authenticated'];
  const review = await stage.admin.expect<{ status: { allowed: boolean } }>({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
    body: { spec: { user: operatorUser, groups, resourceAttributes } },
  });
  expect(review.status.allowed).toBe(allowed);
});
