// The control plane on the nodes, as kubeadm makes it: on each control-plane node an etcd member and an API
// server, real processes that can be killed one by one.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { apiServerCommand, etcdMemberCommand, type ControlPlane } from './control-plane.ts';
import type { Credentials } from './credentials.ts';
import { startEtcd, startNodeApi } from './lab-verbs.ts';
import { inNetwork, netnsPath } from './machine.ts';
import * as network from './network.ts';
import { startDaemon, waitFor, type Daemon } from './process.ts';
import { adopt, type LabState } from './state.ts';
import type { Binaries } from './tools.ts';

const etcdPorts = { client: 2379, peer: 2380 };

interface Parts {
  readonly state: LabState;
  readonly binaries: Binaries;
  readonly credentials: Credentials;
}

function planeOf({ state, binaries, credentials }: Parts, node: network.NodeAddress): ControlPlane {
  const dir = join(state.dir, `${node.name}-control-plane`);
  mkdirSync(dir, { recursive: true });
  return {
    binaries,
    credentials,
    dir,
    etcdPorts,
    api: { bind: '0.0.0.0', advertise: node.address, port: network.apiPort },
    serviceRange: network.serviceRange,
  };
}

const inside = (netns: string): string[] => ['nsenter', `--net=${netnsPath(netns)}`];

function startMember(
  { state }: Parts,
  plane: ControlPlane,
  { node, all }: { readonly node: network.NodeAddress; readonly all: readonly network.NodeAddress[] },
): Daemon {
  state.etcdCommands[node.name] = [...inside(node.netns), ...etcdMemberCommand(plane, node, all)];
  return startEtcd(state, node.name);
}

/** Starts members and API servers, and in the switch one endpoint that leads to whichever answers. */
export async function startNodeControlPlane(parts: Parts): Promise<void> {
  const { state } = parts;
  const all = state.nodes.filter(({ controlPlane }) => controlPlane);
  const planes = all.map((node) => ({ node, plane: planeOf(parts, node) }));
  const members = planes.map(({ node, plane }) => startMember(parts, plane, { node, all }));
  for (const { node, plane } of planes) {
    const local = [node, ...all.filter((other) => other !== node)];
    const servers = local.map(({ address }) => `http://${address}:${etcdPorts.client}`).join(',');
    const flags = {
      'etcd-servers': servers,
      'enable-admission-plugins': 'NodeRestriction',
      'apiserver-count': String(all.length),
    };
    state.nodeApiCommands[node.name] = [...inside(node.netns), ...apiServerCommand(plane, flags)];
    startNodeApi(state, node);
  }
  relayFromSwitch(state, all);
  const isReady = ({ netns, address }: network.NodeAddress) =>
    inNetwork(netns, ['curl', '-sk', '--max-time', '2', `https://${address}:${network.apiPort}/readyz`]);
  for (const node of all) {
    await waitFor(`the API server of ${node.name}`, async () => (await isReady(node)) === 'ok', {
      seconds: 180,
      everyMs: 250,
      needs: members,
    });
  }
}

function relayFromSwitch(state: LabState, nodes: readonly network.NodeAddress[]): void {
  const dials = nodes.flatMap(({ address }) => ['--dial', `tcp:${address}:${network.apiPort}`]);
  const listen = ['relay', '--listen', `tcp:0.0.0.0:${network.apiPort}`];
  adopt(
    state,
    startDaemon({
      name: 'switch API endpoint',
      command: [...inside(network.switchNetns(state.id)), state.agent, ...listen, ...dials],
      logFile: join(state.dir, 'relay.log'),
      dieWithParent: !state.outlive,
    }),
  );
}
