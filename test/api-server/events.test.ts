// Events as a real API server takes them: one for each transition, few when a state flaps.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventOf } from '../../src/cluster/event.ts';
import { asStored, conditionsOf, messageOf, specWith, written } from './builders.ts';
import { startStage, type Stage } from './stage.ts';
import { settled, until } from './until.ts';

jest.setTimeout(40_000);

interface Event {
  readonly type: string;
  readonly reason: string;
  readonly note: string;
  readonly regarding: Readonly<Record<string, string>>;
  readonly related?: Readonly<Record<string, string>>;
  readonly reportingController: string;
  readonly series?: { readonly count: number; readonly lastObservedTime: string };
}

const name = 'edge-control-plane';
const path = (namespace: string): string => `/apis/events.k8s.io/v1/namespaces/${namespace}/events`;

let stage: Stage;

const events = async (): Promise<readonly Event[]> =>
  (await stage.admin.expect<{ items: Event[] }>({ method: 'GET', path: path('default') })).items.filter(
    ({ regarding }) => regarding['kind'] === 'KubeVipConfig',
  );
const find = async (reason: string, note: string): Promise<Event> =>
  until(`an event ${reason}`, async () =>
    (await events()).find((row) => row.reason === reason && row.note.includes(note)),
  );

beforeAll(async () => {
  stage = await startStage();
  await stage.create('edge', specWith());
  await stage.untilRuns(name);
  await stage.play.runPod(name, 'n1');
  await stage.play.runPod(name, 'n2');
  await stage.play.observe(name, { desired: 2, updated: 2, ready: 2 });
  await stage.play.hold(name, { holder: 'n1' });
}, 60_000);

afterAll(() => stage?.stop());

it('tell who holds the address, about the object and related to the pod', async () => {
  const { uid } = (await stage.config('edge'))?.metadata ?? {};
  const event = await find('HolderChanged', 'Lease edge-control-plane is held by n1.');
  expect(event).toMatchObject({
    type: 'Normal',
    reportingController: 'kubevip.dev/kube-vip-operator',
    regarding: { apiVersion: 'kubevip.dev/v1alpha1', kind: 'KubeVipConfig', name: 'edge', uid },
    related: { kind: 'Pod', namespace: 'kube-vip-system', name: `${name}-n1` },
  });
  await find('Held', '203.0.113.100 on n1.');
});

it('warn of what needs a person', async () => {
  await stage.play.hold(name, { holder: 'n9' });
  expect(await find('HolderWithoutPod', 'names n9')).toMatchObject({ type: 'Warning' });
});

it('are few while a state flaps, and none is written twice', async () => {
  for (let round = 0; round < 20; round += 1) {
    await stage.play.hold(name, { holder: round % 2 === 0 ? 'n1' : 'n2' });
    await sleep(100);
  }
  await sleep(1000);
  const said = (await events()).map(({ reason, note }) => `${reason} ${note}`);
  expect(said.length).toBeGreaterThan(5);
  expect(said.length).toBeLessThanOrEqual(12);
  expect(new Set(said).size).toBe(said.length);
});

it('say how often it happened, where a person looks', async () => {
  const again = await until('an event that happened again', async () =>
    (await events()).find(({ series }) => series !== undefined),
  );
  expect(again.series?.count).toBeGreaterThanOrEqual(2);
  expect(Date.now() - Date.parse(again.series?.lastObservedTime ?? '')).toBeLessThan(30_000);
  const described = await stage.api.kubectl('describe', 'kvc', 'edge');
  expect(described).toMatch(/ \(x\d+ over \d+s\) /);
});

it('must be in default or kube-system: the API server takes them nowhere else', async () => {
  const config = asStored(written('edge', {}));
  const body = eventOf(config, { type: 'Normal', reason: 'Held', note: 'x' }, new Date()) as {
    metadata: object;
  };
  const elsewhere = { ...body, metadata: { ...body.metadata, namespace: 'kube-vip-system' } };
  const answer = await stage.admin.send({ method: 'POST', path: path('kube-vip-system'), body: elsewhere });
  expect([answer.status, (answer.body as { message: string }).message]).toEqual([
    422,
    expect.stringContaining('does not match event.namespace'),
  ]);
});

describe('a namespace that is opted out of the policies, as docs/admission.md says', () => {
  const label = 'kubevip.dev/unsafe-kube-vip';
  const sentence = `An unsafe kube-vip is let through in namespace legacy. Remove the label ${label} there when it is no longer needed.`;
  const unguarded = async () => messageOf(await stage.config('lan'), 'Unguarded');
  const told = async (note: string): Promise<Event> =>
    until(`an event ${note}`, async () =>
      (await events()).find((row) => row.regarding['name'] === 'lan' && row.note === note),
    );

  // Another KubeVipConfig: what flapped above has used up what the first one may say.
  beforeAll(async () => {
    await stage.create('lan', specWith({ controlPlane: { addresses: ['203.0.113.101'] } }));
    await stage.untilRuns('lan-control-plane');
    for (const namespace of ['legacy', 'ajar']) {
      await stage.api.kubectl('create', 'namespace', namespace);
    }
    // Which is no other word for it.
    await stage.api.kubectl('label', 'namespace', 'ajar', `${label}=true`);
  });

  it('is a condition, and an event that warns', async () => {
    expect(await unguarded()).toBeUndefined();
    await stage.api.kubectl('label', 'namespace', 'legacy', `${label}=allowed`);
    expect(await settled(unguarded, sentence)).toBe(sentence);
    expect(conditionsOf(await stage.config('lan'))).toMatchObject({ Unguarded: 'True NamespaceOptedOut' });
    expect(await told(sentence)).toMatchObject({ type: 'Warning', reason: 'NamespaceOptedOut' });
  });

  it('is none any more without the label, and that is an event', async () => {
    await stage.api.kubectl('label', 'namespace', 'legacy', `${label}-`);
    expect(await settled(unguarded, undefined)).toBeUndefined();
    const over = await told(
      'Unguarded is over. It said: An unsafe kube-vip is let through in namespace legacy.',
    );
    expect(over).toMatchObject({ type: 'Normal', reason: 'NamespaceOptedOut' });
  });
});
