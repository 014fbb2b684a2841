// What the operator may do, held against what it did in a run that takes every path: no permission is unused,
// and no request is refused.
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { grantedPermissions } from '../granted.ts';
import { macOf } from '../node-world.ts';
import {
  describeRequest,
  isRefused,
  needs,
  operatorRequests,
  operatorUser,
  type AuditEvent,
} from './audit.ts';
import { specWith } from './builders.ts';
import { paths } from './cluster.ts';
import { controlPlaneNode, installNeighbours } from './neighbours.ts';
import { answerProbe, makeNodes, probeArgs } from './played-probe.ts';
import { heard, segment, Witnesses } from './played-witness.ts';
import { startStage, type Stage } from './stage.ts';
import { tampered, container } from './tampering.ts';
import { until } from './until.ts';

jest.setTimeout(30_000);

const sorted = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

let stage: Stage;

// kube-vip has lost its Lease after 2 + 2.2 x 1 seconds.
const leaderElection = { leaseDurationSeconds: 6, renewDeadlineSeconds: 2, retryPeriodSeconds: 1 };

// There is no kubelet: the API server refuses after it has let the request through.
async function untilLogIsRead(): Promise<void> {
  await until('the log to be asked for', () =>
    operatorRequests(stage.api).some(({ objectRef }) => objectRef?.subresource === 'log'),
  );
}

/** A Service asks for an address. */
async function untilGranted(): Promise<void> {
  const path = '/api/v1/namespaces/default/services';
  const annotations = { 'kubevip.dev/addresses': '203.0.113.110' };
  const spec = { type: 'LoadBalancer', loadBalancerClass: 'kubevip.dev/edge', ports: [{ port: 80 }] };
  await stage.admin.expect({ method: 'POST', path, body: { metadata: { name: 'web', annotations }, spec } });
  await until('the grant', () =>
    operatorRequests(stage.api).some(
      ({ verb, objectRef }) => verb === 'patch' && objectRef?.resource === 'services',
    ),
  );
}

/** Two nodes answer for an address, and the pod of the one that does not hold it is ended. */
async function untilRemedied(witnesses: Witnesses, name: string, address: string): Promise<void> {
  await stage.untilRuns(name);
  for (const node of ['n2', 'n3']) {
    await stage.play.runPod(name, node);
  }
  await stage.play.hold(name, { holder: 'n3' });
  await until(
    'a pod to be ended',
    async () => {
      await witnesses.answer('n3', heard(address, [macOf('n2')], true));
      return operatorRequests(stage.api).some(
        ({ verb, objectRef }) => verb === 'delete' && objectRef?.resource === 'pods',
      );
    },
    15_000,
  );
  await stage.play.endPod(name, 'n2');
  await stage.play.endPod(name, 'n3');
}

/** Two nodes of a network get a witness, which goes with its KubeVipConfig. */
async function untilWitnessed(): Promise<void> {
  const witnesses = new Witnesses(stage);
  await makeNodes(stage, { from: 2, masters: 0, workers: 2 });
  const address = '203.0.113.120';
  const controlPlane = { addresses: [address], apiAccess: 'Service' };
  await stage.create('seen', specWith({ controlPlane, preflight: { nodeProbe: 'BestEffort' } }));
  await answerProbe(stage, 'seen', 'control-plane', { node: 'n2' });
  await stage.untilRuns(`kube-vip-witness-${segment}`, 15_000);
  await until('witnesses', async () => (await witnesses.nodes()).includes('n3'), 15_000);
  await untilRemedied(witnesses, 'seen-control-plane', address);
  await stage.change('seen', { witness: 'Off' });
  await until(
    'no witness to be left',
    async () => {
      await stage.play.collectGarbage();
      return (await witnesses.count()) === 0;
    },
    15_000,
  );
  await stage.remove('seen');
}

/** The same happens again and again. */
async function untilEventIsCounted(name: string): Promise<void> {
  for (const holder of ['n1', 'n9', 'n1', 'n9', 'n1']) {
    await stage.play.hold(name, { holder });
    await until(`${holder} to hold`, async () => {
      const { status } = (await stage.config('edge')) ?? {};
      return status?.controlPlane?.holder === holder;
    });
  }
  await until('an event to be counted', () =>
    operatorRequests(stage.api).some(
      ({ verb, objectRef }) => verb === 'patch' && objectRef?.resource === 'events',
    ),
  );
}

/** Creation, crash, status, drift of a value and of an addition, deletion. */
async function takeEveryPath(): Promise<void> {
  const [api, services] = ['edge-control-plane', 'edge-services'];
  await installNeighbours(stage);
  await stage.admin.expect({ method: 'POST', path: '/api/v1/nodes', body: controlPlaneNode('n1') });
  await untilWitnessed();
  const pools = [{ name: 'main', addresses: ['203.0.113.110-203.0.113.119'] }];
  await stage.create('edge', specWith({ services: { pools }, leaderElection }));
  await untilGranted();
  await stage.untilRuns(services);
  await stage.play.runHealthy(api, 'n1');
  await untilEventIsCounted(api);
  await stage.play.crashPod(api, 'n1', 1);
  await untilLogIsRead();
  await stage.admin.expect(container({ image: 'example.org/other' }));
  await stage.admin.expect({
    method: 'PATCH',
    path: tampered,
    body: { spec: { minReadySeconds: 5 } },
    type: 'merge',
  });
  await until('the repair', async () => (await stage.daemonSet(api))?.spec?.minReadySeconds === undefined);
  // An edit that renders the same is noted with what was applied.
  await stage.change('edge', { suspend: true });
  await stage.change('edge', { suspend: false });
  await until('the record to be kept anew', () =>
    operatorRequests(stage.api).some(
      ({ verb, objectRef }) => verb === 'patch' && objectRef?.resource === 'controllerrevisions',
    ),
  );
  // A change where a pod runs comes to its node.
  await stage.change('edge', { arp: { announceIntervalSeconds: 5 } });
  await until('the pod to be ended', async () => {
    await stage.play.observe(api, { desired: 1, updated: 0, ready: 1 });
    return operatorRequests(stage.api).some(
      ({ verb, objectRef }) => verb === 'delete' && objectRef?.resource === 'pods',
    );
  });
  await stage.remove('edge');
  await until(
    'it to be gone',
    async () => {
      await stage.play.collectGarbage();
      if ((await stage.daemonSet(api)) === undefined && (await stage.admin.get(`${paths.pods}/${api}-n1`))) {
        await stage.play.endPod(api, 'n1');
      }
      return (await stage.config('edge')) === undefined;
    },
    20_000,
  );
}

const isRenewal = ({ verb, objectRef }: AuditEvent): boolean =>
  verb === 'patch' && objectRef?.resource === 'leases';

beforeAll(async () => {
  stage = await startStage({ args: probeArgs });
  await takeEveryPath();
  await until('a renewal', () => operatorRequests(stage.api).some(isRenewal));
}, 60_000);

afterAll(() => stage?.stop());

it('never asks for what it may not do', () => {
  const refused = operatorRequests(stage.api).filter(isRefused);
  expect(refused.map(describeRequest)).toEqual([]);
});

it('uses every permission that config/rbac/operator.yaml grants, and needs no other', () => {
  const granted = grantedPermissions();
  expect(granted.length).toBeGreaterThan(0);
  // Discovery, /version and the like are everybody's.
  const ofResources = operatorRequests(stage.api).filter(({ objectRef }) => objectRef !== undefined);
  // What is granted for the whole cluster is granted in each namespace.
  const everywhere = (row: string): string => row.replace(/^\S+/, '*');
  const used = ofResources.flatMap(needs).map((row) => (granted.includes(row) ? row : everywhere(row)));
  expect(sorted(used)).toEqual(sorted(granted));
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
