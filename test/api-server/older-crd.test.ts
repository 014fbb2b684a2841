// An operator that is newer than its CRD: the API server drops what it does not know of a status, the operator goes on and
// says what to do. The other way round nothing is lost: a newer CRD only adds to the status.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { statusSchema } from '../../src/api/status-schema.ts';
import { messageOf, specWith } from './builders.ts';
import { paths } from './cluster.ts';
import { startStage, type Stage } from './stage.ts';
import { until } from './until.ts';
import { stretched } from '../stretched.ts';

jest.setTimeout(90_000);

const schemaOfStatus = '/spec/versions/0/schema/openAPIV3Schema/properties/status';
/** The least that an operator ever wrote. */
const first = new Set(['observedGeneration', 'conditions', 'summary', 'preflight']);
const later = Object.keys(statusSchema.properties).filter((field) => !first.has(field));

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
  await stage.admin.expect({
    method: 'PATCH',
    path: paths.crd,
    body: [
      ...later.map((field) => ({ op: 'remove', path: `${schemaOfStatus}/properties/${field}` })),
      { op: 'remove', path: `${schemaOfStatus}/default` },
    ],
    type: 'patch',
  });
}, 60_000);

afterAll(() => stage?.stop());

const statusOf = async (name: string) => (await stage.config(name))?.status;

it('works on, and says that the CRD is older', async () => {
  await stage.create('edge', specWith({ services: {} }));
  await stage.untilRuns('edge-services');
  const said = async () => messageOf(await stage.config('edge'), 'PreflightPassed') ?? '';
  await until(
    'a sentence',
    async () => (await said()).includes('is older than the operator'),
    stretched(20_000),
  );
  const { preflight = [] } = (await statusOf('edge')) ?? {};
  expect(preflight.find(({ check }) => check === 'crd-is-older')?.message).toContain('kubectl apply');
  expect(await statusOf('edge')).not.toHaveProperty('inventory');
});

it('does not write for ever', async () => {
  const version = async () => (await stage.config('edge'))?.metadata.resourceVersion;
  const isStill = async (ms: number): Promise<boolean> => {
    const before = await version();
    await sleep(ms);
    return (await version()) === before;
  };
  await until('rest', () => isStill(1000), stretched(20_000));
  expect(await isStill(3000)).toBe(true);
});

it('applies an edit all the same', async () => {
  await stage.change('edge', {
    leaderElection: { leaseDurationSeconds: 30, renewDeadlineSeconds: 9, retryPeriodSeconds: 2 },
  });
  const deadline = async () =>
    (await stage.container('edge-services'))?.env?.find(({ name }) => name === 'vip_renewdeadline')?.value;
  await until('the edit', async () => (await deadline()) === '9', stretched(20_000));
  expect(await deadline()).toBe('9');
});

it('stores all of it when the CRD is applied, without an edit', async () => {
  await stage.api.kubectl('apply', '--server-side', '--force-conflicts', '-k', 'config/crd');
  const isOlder = async () =>
    (await statusOf('edge'))?.preflight?.some(({ check }) => check === 'crd-is-older');
  await until('the warning to go', async () => (await isOlder()) !== true, stretched(45_000));
  expect(await statusOf('edge')).toHaveProperty('inventory');
});

it('has a status from the first moment with a newer CRD, before an operator looks', async () => {
  await stage.operator.stop();
  await stage.create('new', specWith({ controlPlane: { addresses: ['203.0.113.99'] } }));
  expect(await statusOf('new')).toEqual({ observedGeneration: -1 });
});
