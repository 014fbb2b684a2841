// Prepares the images of a run: a containerd imports and unpacks them once, and each node of the run begins with what that
// one has then. A node that imports them itself reads and hashes half a gigabyte, and unpacks what its pods run.
import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importImages, makeImages, sandboxImageName, shareLayers } from './images.ts';
import { newState } from './lab.ts';
import { startMachine, type Machine } from './machine.ts';
import { makeNetwork, type NodeAddress } from './network.ts';
import { ctrOf, startContainerd } from './node.ts';
import { requireLabMachine } from './preflight.ts';
import { indexIn, linkTree, preparedImagesVariable } from './prepared-images.ts';
import { stopDaemon } from './process.ts';
import { adopt, destroy, removeStaleRuns, type LabState } from './state.ts';
import { ensureLabTools, type LabTools, type Log } from './tools.ts';

/** Prepares the images for every lab of this process and its children. */
export async function prepareImages(log: Log): Promise<void> {
  await requireLabMachine();
  await removeStaleRuns();
  const tools = await ensureLabTools(log);
  const state = await newState({ nodes: 1, controlPlanes: 0 }, tools.binaries, tools.agent);
  try {
    process.env[preparedImagesVariable] = await importedOn(state, tools);
  } finally {
    await destroy(state);
  }
}

/** Imports them on the one machine of a lab that has nothing else; returns the folder that stays when it is gone. */
async function importedOn(state: LabState, { agent, standIn, binaries }: LabTools): Promise<string> {
  const { layout } = await makeImages(state.dir, { agent, standIn, others: [], log: () => undefined });
  await makeNetwork(state.id, state.nodes);
  const [node] = state.nodes as [NodeAddress];
  const machine = await machineOf(state, node);
  const root = join(machine.dir, 'containerd');
  shareLayers(layout, root);
  await startContainerd({ machine, node, binaries, sandboxImage: sandboxImageName });
  await importImages(layout, ctrOf(binaries, machine), 'now');
  // With its init ends all of a machine: nothing writes there any more.
  await stopDaemon(machine.init);
  const dir = mkdtempSync(join(tmpdir(), 'prepared-images-'));
  await linkTree(root, dir);
  copyFileSync(indexIn(layout), indexIn(dir));
  return dir;
}

const machineOf = (state: LabState, { name, netns }: NodeAddress): Promise<Machine> =>
  startMachine({
    name,
    hostName: name,
    dir: join(state.dir, name),
    netns,
    agent: state.agent,
    dieWithParent: true,
    started: (daemon) => adopt(state, daemon),
  });
