// No policy guards a policy, so the operator says when one is missing or only warns.
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { conditionsOf, specWith } from './builders.ts';
import { startStage, type Stage } from './stage.ts';
import { until } from './until.ts';

jest.setTimeout(60_000);

const name = 'service-limits.kubevip.dev';
const bindings = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings';
let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
  await stage.create('edge', specWith());
  await stage.untilRuns('edge-control-plane');
}, 90_000);

afterAll(() => stage?.stop());

const unguarded = async () => conditionsOf(await stage.config('edge'))['Unguarded'];
const says = (wanted: string | undefined) =>
  until(`Unguarded to be ${wanted}`, async () => (await unguarded()) === wanted, 20_000);

it('says that a binding is missing, that it only warns, and that all is well again', async () => {
  expect(await unguarded()).toBeUndefined();
  await stage.admin.expect({ method: 'DELETE', path: `${bindings}/${name}` });
  await says('True PolicyMissing');
  await stage.api.kubectl('apply', '-k', 'config/admission');
  await says(undefined);
  const body = { spec: { validationActions: ['Warn'] } };
  await stage.admin.expect({ method: 'PATCH', path: `${bindings}/${name}`, body, type: 'merge' });
  await says('True PolicyMissing');
});
