// Timings that were stored before the API server refused them, asked for or by a former default: they stay, an edit of
// something else passes, nothing is rolled, and status says which line to write.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { defaultTiming } from '../../src/api/election-timing.ts';
import { messageOf, specWith, written, type AnySpec } from './builders.ts';
import { paths } from './cluster.ts';
import { startStage, type Stage } from './stage.ts';
import { until } from './until.ts';

jest.setTimeout(60_000);

const formerDefault = { leaseDurationSeconds: 15, renewDeadlineSeconds: 10, retryPeriodSeconds: 2 };
const leaderElection = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/leaderElection';
const names = ['silent', 'asking'] as const;
const at = (octet: number, spec: AnySpec = {}): AnySpec =>
  specWith({ controlPlane: { addresses: [`203.0.113.${octet}`] }, ...spec });

let stage: Stage;

const refusal = (name: string, spec: AnySpec, query = ''): Promise<string | undefined> =>
  stage.admin.refusal({
    method: 'PATCH',
    path: `${paths.configs}/${name}${query}`,
    body: { spec },
    type: 'merge',
  });

const refusalOfNew = (): Promise<string | undefined> =>
  stage.admin.refusal({
    method: 'POST',
    path: `${paths.configs}?dryRun=All`,
    body: written('new', at(99, { leaderElection: formerDefault })),
  });

const duration = async (name: string): Promise<string | undefined> =>
  (await stage.container(`${name}-control-plane`))?.env?.find(({ name }) => name === 'vip_leaseduration')
    ?.value;

/** The CRD as it was before the rule, and with the default of then. */
async function putFormerCrd(): Promise<void> {
  const seconds = Object.entries(formerDefault).map(([field, value]) => ({
    op: 'replace',
    path: `${leaderElection}/properties/${field}/default`,
    value,
  }));
  await stage.admin.expect({
    method: 'PATCH',
    path: paths.crd,
    body: [
      { op: 'remove', path: `${leaderElection}/x-kubernetes-validations` },
      { op: 'replace', path: `${leaderElection}/default`, value: formerDefault },
      ...seconds,
    ],
    type: 'patch',
  });
  await until('the rule to be gone', async () => (await refusalOfNew()) === undefined, 20_000);
}

beforeAll(async () => {
  stage = await startStage();
  await putFormerCrd();
  await stage.create('silent', at(40));
  await stage.create('asking', at(41, { leaderElection: formerDefault }));
  for (const name of names) await stage.untilRuns(`${name}-control-plane`);
  await stage.api.kubectl('apply', '--server-side', '--force-conflicts', '-k', 'config/crd');
  await until('the rule to be back', async () => (await refusalOfNew()) !== undefined, 20_000);
}, 90_000);

afterAll(() => stage?.stop());

describe.each(names)('timings of before that are stored (%s)', (name) => {
  it('stay as they were: the API server stores defaults with the object', async () => {
    expect((await stage.config(name))?.spec.leaderElection).toEqual(formerDefault);
  });

  it('are shown, with the line to write', async () => {
    await until('KnownHazard to say so', async () => {
      const message = messageOf(await stage.config(name), 'KnownHazard');
      expect(message).toMatch(
        /^spec\.leaderElection 15\/10\/2 gives two owners while an API server hangs\. /,
      );
      expect(message).toContain(
        'Set leaderElection: {leaseDurationSeconds: 24, renewDeadlineSeconds: 10, retryPeriodSeconds: 2}',
      );
      return true;
    });
  });

  it('are no reason to refuse an edit of another field, and the edit is carried out', async () => {
    expect(await refusal(name, { arp: { announceIntervalSeconds: 4 } })).toBeUndefined();
    const path = `${name}-control-plane`;
    await until('the edit to be rendered', async () => {
      const env = (await stage.container(path))?.env ?? [];
      return env.some((row) => row.name === 'vip_arpRate' && row.value === '4000');
    });
    expect(await duration(name)).toBe('15');
  });

  it('may not be edited into others that are not safe', async () => {
    const says = await refusal(name, { leaderElection: { leaseDurationSeconds: 16 } }, '?dryRun=All');
    expect(says).toContain('expected leaseDurationSeconds above 2 x renewDeadlineSeconds (10)');
  });

  it('end with the line of the message', async () => {
    const line = { leaseDurationSeconds: 24, renewDeadlineSeconds: 10, retryPeriodSeconds: 2 };
    expect(await refusal(name, { leaderElection: line })).toBeUndefined();
    await until('the line to be rendered', async () => (await duration(name)) === '24');
    await until(
      'KnownHazard to go',
      async () => messageOf(await stage.config(name), 'KnownHazard') === undefined,
    );
  });
});

it('an object that is made now gets the default of now', async () => {
  await stage.create('later', at(42));
  expect((await stage.config('later'))?.spec.leaderElection).toEqual(defaultTiming);
});
