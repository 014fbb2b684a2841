// What people do on purpose, and what moves addresses in order: nothing of it is an alarm.
import { realKubeVip } from './images.ts';
import { deletePodOn, holderOf, untilProgrammed } from './install.ts';
import type { Lab } from './lab.ts';
import { waitFor, within } from './process.ts';
import { untilCalmIn } from './witness-sights.ts';

/** One thing that a person does. It resolves when the witnesses hear the holder alone again. */
export interface Deed {
  readonly name: string;
  readonly act: () => Promise<void>;
}

/** What a person changes. */
export interface Doing {
  readonly lab: Lab;
  /** The manifest of `edge` with a version of kube-vip. */
  readonly config: (version: string) => string;
  readonly version: string;
  /** A Service that gets {@link address}. */
  readonly service: string;
  readonly address: string;
}

const component = 'control-plane';
const role = 'node-role.kubernetes.io/control-plane';
const later = 'v1.2.3';
const often = { seconds: 120, everyMs: 100 };

async function move(lab: Lab): Promise<void> {
  const before = await holderOf(lab, `edge-${component}`);
  // A pod that is only deleted may win again, from the same node.
  await lab.kubectl('label', 'node', before, `${role}-`);
  const hasMoved = async () => !['', before].includes(await holderOf(lab, `edge-${component}`));
  await waitFor('another holder', hasMoved, often);
  await lab.kubectl('label', 'node', before, `${role}=`);
  await untilCalmIn(lab);
}

async function drain(lab: Lab): Promise<void> {
  const drained = await holderOf(lab, `edge-${component}`);
  await lab.kubectl('drain', drained, '--ignore-daemonsets', '--delete-emptydir-data', within(120));
  await untilCalmIn(lab);
  await lab.kubectl('uncordon', drained);
  await untilCalmIn(lab);
}

async function restart(lab: Lab): Promise<void> {
  const node = await holderOf(lab, `edge-${component}`);
  await deletePodOn(lab, node, component);
  const path = '/api/v1/namespaces/kube-vip-system/pods?labelSelector=app.kubernetes.io%2Fcomponent%3D';
  const isNew = async (): Promise<boolean> => {
    const { items } = await lab.read<{ items: readonly { metadata: { deletionTimestamp?: string } }[] }>(
      `${path}${component}`,
    );
    return items.every(({ metadata }) => metadata.deletionTimestamp === undefined);
  };
  await waitFor('the pod to be gone', isNew, often);
  await untilCalmIn(lab);
}

async function change({ lab, config }: Doing, version: string): Promise<void> {
  await lab.apply(config(version));
  await untilProgrammed(lab, 'edge', 120);
  await untilCalmIn(lab);
}

async function serve({ lab, service, address }: Doing): Promise<void> {
  const owners = async () => (await lab.owners(address)).length;
  await lab.apply(service);
  await waitFor('the address to be bound', async () => (await owners()) === 1, often);
  await untilCalmIn(lab);
  await lab.kubectl('delete', 'service', 'web', within(60));
  await waitFor('the address to be off', async () => (await owners()) === 0, often);
  await untilCalmIn(lab);
}

/** Three moves and a drain: what each run of the lab does. */
export const shortRound = ({ lab }: Doing): readonly Deed[] => [
  ...Array.from({ length: 3 }, () => ({ name: 'moved', act: () => move(lab) })),
  { name: 'drained', act: () => drain(lab) },
];

/** What a night does again and again. */
export const longRound = (doing: Doing): readonly Deed[] => [
  ...shortRound(doing),
  { name: 'pod of the holder deleted', act: () => restart(doing.lab) },
  { name: 'Service made and deleted', act: () => serve(doing) },
  ...(realKubeVip(later) === undefined
    ? []
    : [
        { name: `changed to ${later}`, act: () => change(doing, later) },
        { name: 'moved', act: () => move(doing.lab) },
        { name: `changed to ${doing.version}`, act: () => change(doing, doing.version) },
      ]),
];

/** Does one thing after the other, and all again while there is time. Resolves with how often each was done. */
export async function doAll(deeds: readonly Deed[], seconds: number): Promise<ReadonlyMap<string, number>> {
  const done = new Map<string, number>();
  const end = Date.now() + seconds * 1000;
  do {
    for (const { name, act } of deeds) {
      await act();
      done.set(name, (done.get(name) ?? 0) + 1);
    }
  } while (Date.now() < end);
  return done;
}
