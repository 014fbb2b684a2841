// What status said of the network while a test did something, and when: for figures.
import type { V1LeaseList, V1PodList } from '@kubernetes/client-node';
import type { OwnershipRecord, Span } from '../timeline/timeline.ts';
import { conditionOf } from './install.ts';
import type { Lab } from './lab.ts';
import { waitFor } from './process.ts';
import type { Answers } from './witnessing.ts';
import { inCondition, watch, type Sight, type Watched } from './watched.ts';

const fields = {
  duplicate: inCondition('DuplicateOwner', 'message'),
  why: inCondition('DuplicateOwner', 'reason'),
  orphan: inCondition('OrphanAddress', 'message'),
  ready: inCondition('Ready', 'status'),
  said: inCondition('Ready', 'message'),
  owners: '.status.controlPlane.owners',
} as const;

type Field = keyof typeof fields;

/** Follows status until it is stopped. */
export const watchStatus = (lab: Lab, config: string): Watched<Field> =>
  watch(lab, ['kubevipconfig', config], fields);

const podFields = {
  name: '.metadata.name',
  node: '.spec.nodeName',
  asked: '.metadata.deletionTimestamp',
  phase: '.status.phase',
  ready: '.status.containerStatuses[0].ready',
} as const;

/** Follows the pods of a function until it is stopped. */
export const watchPods = (lab: Lab, component: string): Watched<keyof typeof podFields> =>
  watch(lab, ['-n', 'kube-vip-system', 'pods', '-l', `app.kubernetes.io/component=${component}`], podFields);

/** When a pod of a node was asked to end; Infinity: none was. */
export const askedToEnd = ({ sights }: Watched<keyof typeof podFields>, node: string): number =>
  sights.find(({ of }) => of.node === node && of.asked !== '')?.at ?? Infinity;

/** What happened to the pods of a node, each with the milliseconds since a moment. */
export function stepsOf({ sights }: Watched<keyof typeof podFields>, node: string, since: number): string {
  const said = new Set<string>();
  return sights
    .filter(({ of }) => of.node === node)
    .flatMap(({ at, of: { name, asked, phase, ready } }) => {
      const step = `${name} ${phase}${ready === 'true' ? ' ready' : ''}${asked === '' ? '' : ' is to end'}`;
      return said.has(step) ? [] : [said.add(step) && `${step} ${at - since}`];
    })
    .join(', ');
}

/** Waits for the first sight since a moment that is as expected. */
export async function sightOf(
  { sights }: Watched<Field>,
  what: string,
  since: number,
  isIt: (of: Sight<Field>['of']) => boolean,
): Promise<Sight<Field>> {
  const found = (): Sight<Field> | undefined => sights.find(({ at, of }) => at >= since && isIt(of));
  try {
    await waitFor(what, () => found() !== undefined, { seconds: 60, everyMs: 20 });
  } catch (cause) {
    throw new Error(`expected ${what}, found ${JSON.stringify(sights.at(-1))}`, { cause });
  }
  return found() ?? { at: 0, of: { duplicate: '', why: '', orphan: '', ready: '', said: '', owners: '' } };
}

/** What was said of owners that should not be, since a moment. */
export const alarmsSince = ({ sights }: Watched<Field>, since: number): readonly string[] =>
  sights
    .filter(({ at }) => at >= since)
    .flatMap(({ of }) => [of.duplicate, of.orphan])
    .filter((text) => text !== '');

/** What was said since a moment of an address that no machine has. */
export const silencesSince = ({ sights }: Watched<Field>, since: number): readonly string[] =>
  sights
    .filter(({ at, of }) => at >= since && of.said.includes('no machine answers'))
    .map(({ of }) => of.said);

/** Stretches of time in which several nodes had an address, in a record that goes on until now. */
export function sharedIn({ changes }: OwnershipRecord, now: number): readonly Span[] {
  return changes
    .map(({ t, owners }, index) => ({ from: t, to: changes[index + 1]?.t ?? now, owners }))
    .filter(({ owners }) => owners.length > 1);
}

const witnesses = 'labelSelector=kubevip.dev%2Fwitness';

/** The nodes on which witnesses answer now, by the Leases. */
export async function witnessNodes(lab: Lab): Promise<readonly string[]> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/kube-vip-system/leases?${witnesses}`;
  const { items } = await lab.read<V1LeaseList>(path);
  return items
    .filter(({ spec }) => spec?.holderIdentity !== undefined && spec.holderIdentity !== '')
    .map(({ metadata }) => metadata?.name?.split('.').at(-1) ?? '')
    .sort();
}

/** Waits until a witness says that a MAC answers for an address, and that others do or do not. */
export async function untilHeard(
  lab: Lab,
  address: string,
  isIt: (macs: readonly string[]) => boolean,
): Promise<void> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/kube-vip-system/leases?${witnesses}`;
  const macsIn = (text = '{"control":[]}'): readonly string[] =>
    (JSON.parse(text) as Pick<Answers, 'control'>).control
      .filter((row) => row.address === address)
      .flatMap(({ owners }) => owners.map(({ mac }) => mac));
  const isHeard = async (): Promise<boolean> => {
    const { items } = await lab.read<V1LeaseList>(path);
    return items.some(({ metadata }) => isIt(macsIn(metadata?.annotations?.['kubevip.dev/answers'])));
  };
  await waitFor(`a witness to hear who has ${address}`, isHeard, { seconds: 30, everyMs: 100 });
}

/** The pods of witnesses, each with its state. */
export async function witnessPods(lab: Lab): Promise<readonly string[]> {
  const { items } = await lab.read<V1PodList>(`/api/v1/namespaces/kube-vip-system/pods?${witnesses}`);
  return items.map(({ metadata, spec }) => `${metadata?.name} on ${spec?.nodeName}`);
}

/** Everything that belongs to witnesses. */
export async function witnessObjects(lab: Lab): Promise<readonly string[]> {
  const kinds = 'daemonsets,leases,configmaps,pods';
  const found = await lab.kubectl(
    '-n',
    'kube-vip-system',
    'get',
    kinds,
    '-l',
    'kubevip.dev/witness',
    '-o',
    'name',
  );
  return found.split('\n').filter((line) => line !== '');
}

/** Waits until a condition says something. */
export const untilSaid = (lab: Lab, type: string, pattern: RegExp, seconds = 60): Promise<void> =>
  waitFor(`${type} to say ${pattern}`, async () => pattern.test(await conditionOf(lab, 'edge', type)), {
    seconds,
    everyMs: 100,
  });

/** Resolves when witnesses hear the holder of `edge` alone, and nothing is wrong. */
export function untilCalmIn(lab: Lab): Promise<void> {
  const isCalm = async (): Promise<boolean> =>
    /^True .*hears? \S+ alone/.test(await conditionOf(lab, 'edge', 'Ready')) &&
    (await conditionOf(lab, 'edge', 'DuplicateOwner')) === '';
  return waitFor('witnesses to hear the holder alone', isCalm, { seconds: 90, everyMs: 100 });
}
