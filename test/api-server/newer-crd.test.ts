// An object that a newer CRD refuses keeps running what it ran, says so, and can still be labelled, watched,
// mended and deleted: the API server judges only what a write changes.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { V1Container } from '@kubernetes/client-node';
import { specWith, type AnySpec } from './builders.ts';
import { paths } from './cluster.ts';
import { isSince, kubernetes } from './kubernetes.ts';
import { startStage, type Stage } from './stage.ts';
import { until } from './until.ts';

jest.setTimeout(60_000);

const rulesOfSpec = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/x-kubernetes-validations';
const edge = `${paths.configs}/edge`;
const [api, services] = ['edge-control-plane', 'edge-services'] as const;

let stage: Stage;

// kube-vip has lost its Lease after 2 + 2.2 x 1 seconds.
const leaderElection = { leaseDurationSeconds: 6, renewDeadlineSeconds: 2, retryPeriodSeconds: 1 };
const other: AnySpec = { version: 'v1.1.2', mode: 'ARP', services: {}, leaderElection };

// As an operator of long ago would have admitted it: v1.2.3 for Services.
const invalid = { method: 'PATCH', body: { spec: { version: 'v1.2.3' } }, type: 'merge' } as const;

const images = async (): Promise<readonly (string | undefined)[]> => {
  const containers = await Promise.all([api, services].map((name) => stage.container(name)));
  return containers.map((container: V1Container | undefined) => container?.image);
};

let before: readonly (string | undefined)[];

beforeAll(async () => {
  stage = await startStage();
  await stage.create('edge', specWith({ services: {} }));
  await stage.untilRuns(services);
  await stage.play.runHealthy(api, 'n1');
  await stage.play.runHealthy(services, 'n3');
  await stage.create('other', other);
  await stage.untilRuns('other-services');
  await stage.play.runHealthy('other-services', 'n4');
  before = await images();
  await stage.admin.expect({
    method: 'PATCH',
    path: paths.crd,
    body: [{ op: 'remove', path: rulesOfSpec }],
    type: 'patch',
  });
  await until(
    'the rule to be gone',
    async () => (await stage.admin.refusal({ ...invalid, path: edge })) === undefined,
    20_000,
  );
  await stage.admin.expect({ ...invalid, path: `${paths.configs}/other` });
  await stage.api.kubectl('apply', '--server-side', '--force-conflicts', '-k', 'config/crd');
  await until(
    'the rule to be back',
    async () => {
      const body = { spec: { version: 'v1.2.3', suspend: true } };
      const path = `${edge}?dryRun=All`;
      return (await stage.admin.refusal({ method: 'PATCH', path, body, type: 'merge' })) !== undefined;
    },
    20_000,
  );
}, 90_000);

afterAll(() => stage?.stop());

const nodes = async () => (await stage.config('edge'))?.status?.controlPlane?.nodes;

/** What the log told to do when its status was refused. */
const toldToDo = (): readonly unknown[] =>
  stage.operator.logs
    .filter(({ msg, cause }) => msg === 'reconcile failed' && String(cause).includes('/edge/status: 422 '))
    .map(({ todo }) => todo);

/** Before Kubernetes 1.33 the API server judges the spec again when only status is written. */
const afterChange = isSince(kubernetes, '1.33')
  ? { status: 'still has its status written', nodes: { desired: 3, ready: 2 }, todo: [] }
  : {
      status: 'keeps its last status, and the log says what to do',
      nodes: { desired: 1, ready: 1 },
      todo: ['correct the field of the KubeVipConfig that the cause names'],
    };

describe('an object that a newer CRD refuses', () => {
  it('is not accepted any more, and says which field and why', async () => {
    await until('Accepted to be False', async () => {
      const { status } = (await stage.config('edge')) ?? {};
      const accepted = status?.conditions?.find(({ type }) => type === 'Accepted');
      expect(accepted).toMatchObject({ status: 'False', reason: 'SpecInvalid' });
      expect(accepted?.message).toContain('spec.version');
      return true;
    });
  });

  it('keeps running what it ran', async () => {
    expect(await images()).toEqual(before);
  });

  it('can be labelled', async () => {
    const body = { metadata: { labels: { team: 'blue' } } };
    expect(await stage.admin.refusal({ method: 'PATCH', path: edge, body, type: 'merge' })).toBeUndefined();
  });

  it(`on Kubernetes ${kubernetes} ${afterChange.status}`, async () => {
    const before = toldToDo().length;
    await stage.play.observe(api, { desired: 3, updated: 3, ready: 2 });
    await until(
      'status to be written or refused',
      async () => toldToDo().length > before || (await nodes())?.desired === 3,
    );
    expect(await nodes()).toMatchObject(afterChange.nodes);
    expect([...new Set(toldToDo())]).toEqual(afterChange.todo);
  });

  it('can be deleted', async () => {
    await stage.remove('other');
    await until(
      'it to be gone',
      async () => {
        await stage.play.collectGarbage();
        const pod = `${paths.pods}/other-services-n4`;
        const runs = (await stage.daemonSet('other-services')) !== undefined;
        if (!runs && (await stage.admin.get(pod)) !== undefined)
          await stage.play.endPod('other-services', 'n4');
        return (await stage.config('other')) === undefined;
      },
      20_000,
    );
    expect(await stage.config('other')).toBeUndefined();
  });

  it('is accepted again when the field is mended', async () => {
    await stage.change('edge', { version: 'v1.1.2' });
    await until('Accepted to be True', async () => {
      const { status } = (await stage.config('edge')) ?? {};
      expect(status?.conditions?.find(({ type }) => type === 'Accepted')?.status).toBe('True');
      return true;
    });
  });
});
