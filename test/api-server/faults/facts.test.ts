// One kind of fact that the API server cannot give: what runs goes on with the last ones, and what is new waits and says why.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { freshMs } from '../../../src/cluster/survey-store.ts';
import { messageOf } from '../builders.ts';
import { until } from '../until.ts';
import { stretched } from '../../stretched.ts';
import { startFaultStage, type FaultStage } from './stage.ts';
import type { Rule } from './proxy.ts';

jest.setTimeout(100_000);

let stage: FaultStage;

beforeAll(async () => {
  stage = await startFaultStage();
  await stage.create('edge', 10);
  await stage.untilRuns('edge-control-plane');
}, 60_000);

afterEach(() => stage.proxy.set());

afterAll(() => stage?.stop());

interface Refused {
  readonly path: RegExp;
  readonly status: number;
}

const refuse =
  ({ path, status }: Refused): Rule =>
  (seen) =>
    !seen.isWatch && path.test(seen.path) ? { answer: { status } } : undefined;

const renewDeadline = async (): Promise<string | undefined> =>
  (await stage.daemonSet('edge-control-plane'))?.spec?.template.spec?.containers[0]?.env?.find(
    ({ name }) => name === 'vip_renewdeadline',
  )?.value;

async function edit(seconds: number): Promise<void> {
  await stage.change('edge', {
    leaderElection: { leaseDurationSeconds: 30, renewDeadlineSeconds: seconds, retryPeriodSeconds: 2 },
  });
  await until('the edit', async () => (await renewDeadline()) === String(seconds), stretched(20_000));
}

const verdict = async (name: string): Promise<string> =>
  messageOf(await stage.config(name), 'PreflightPassed') ?? '';

it.each([
  ['StatefulSets are answered with 429', { path: /\/statefulsets/, status: 429 }, 'StatefulSets'],
  [
    'a review of permissions is answered with 500',
    { path: /subjectaccessreviews/, status: 500 },
    'what the accounts',
  ],
])('what is new waits while %s, and says so', async (_, refused, what) => {
  stage.proxy.set(refuse(refused));
  const name = `new-${refused.status}`;
  await stage.create(name, refused.status % 256);
  await until('a sentence', async () => (await verdict(name)).includes(`cannot read ${what}`));
  expect(await stage.daemonSet(`${name}-control-plane`)).toBeUndefined();
  stage.proxy.set();
  await stage.untilRuns(`${name}-control-plane`, stretched(30_000));
});

it('an edit of what runs is applied, also when the last facts are old', async () => {
  stage.proxy.set(refuse({ path: /\/statefulsets|resourcequotas/, status: 503 }));
  await edit(8);
  await until('a warning', async () => (await verdict('edge')).includes('cannot read'), stretched(20_000));
  await sleep(freshMs + 1000);
  await edit(9);
  expect(await verdict('edge')).toMatch(/What was read last counts, of 20\d\d-/);
});
