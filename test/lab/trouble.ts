// Nodes with trouble that a machine does not have by itself: a clock that is off, a slow API server; and IPv6.
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Lab } from './lab.ts';
import { netnsPath } from './machine.ts';
import { apiPort, switchAddress } from './network.ts';
import { startDaemon, stopDaemon, waitFor } from './process.ts';

/** Puts things back as they were. */
export type Undo = () => Promise<void>;

// Writes nothing, and is treated as the kubelet is: shows when the policy is in force.
const canary = 'clock-canary';

/** All nodes have one kernel and so one clock: the API server moves what the kubelet writes instead. */
function skewPolicy(node: string, seconds: number): string {
  const metadata = { name: `clock-of-${node}` };
  const policy = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingAdmissionPolicy',
    metadata,
    spec: {
      failurePolicy: 'Fail',
      reinvocationPolicy: 'Never',
      matchConstraints: {
        resourceRules: [
          { apiGroups: [''], apiVersions: ['v1'], resources: ['pods/status'], operations: ['UPDATE'] },
        ],
      },
      matchConditions: [
        {
          name: 'by-its-kubelet',
          expression: `request.userInfo.username in ['system:node:${node}', '${canary}']`,
        },
        {
          name: 'sets-the-start',
          expression:
            'has(object.status.startTime) && (!has(oldObject.status.startTime) || object.status.startTime != oldObject.status.startTime)',
        },
      ],
      mutations: [
        {
          patchType: 'JSONPatch',
          jsonPatch: {
            expression: `[JSONPatch{op: "replace", path: "/status/startTime", value: string(timestamp(object.status.startTime) + duration("${seconds}s"))}]`,
          },
        },
      ],
    },
  };
  const binding = {
    apiVersion: policy.apiVersion,
    kind: 'MutatingAdmissionPolicyBinding',
    metadata,
    spec: { policyName: metadata.name },
  };
  return [policy, binding].map((row) => stringify(row)).join('---\n');
}

/** A node whose clock is ahead, as far as its pods tell. A pod must run there already. */
export async function skewKubelet(lab: Lab, node: string, seconds: number): Promise<Undo> {
  const manifest = skewPolicy(node, seconds);
  await lab.apply(manifest);
  const path = 'jsonpath={.items[0].metadata.namespace}/{.items[0].metadata.name}';
  const where = `--field-selector=spec.nodeName=${node}`;
  const [namespace = '', pod = ''] = (await lab.kubectl('get', 'pods', '-A', where, '-o', path)).split('/');
  const patch = [
    '--subresource=status',
    '--type=merge',
    '--dry-run=server',
    '-o=jsonpath={.status.startTime}',
  ];
  const write = ['patch', 'pod', pod, ...patch, '-p={"status":{"startTime":"2026-01-01T00:00:00Z"}}'];
  const as = [`--as=${canary}`, '--as-group=system:masters', `--namespace=${namespace}`];
  await waitFor(
    `the clock of ${node} to be off`,
    async () => !(await lab.kubectl(...as, ...write)).startsWith('2026-01-01T00:00:00Z'),
    { seconds: 20, everyMs: 200 },
  );
  return async () => {
    const kinds = 'mutatingadmissionpolicybinding,mutatingadmissionpolicy';
    await lab.kubectl('delete', kinds, `clock-of-${node}`);
  };
}

/** The API server of a control-plane node, which takes its time for each connection. */
export async function slowApi(lab: Lab, node: string, ms: number): Promise<Undo> {
  const netns = lab.nodes.find(({ name }) => name === node)?.netns ?? '';
  const relay = `
    const { createServer, connect } = require('node:net');
    createServer((from) => {
      from.on('error', () => undefined);
      setTimeout(() => {
        const to = connect(${apiPort}, '${switchAddress}').on('error', () => from.destroy());
        from.pipe(to).pipe(from);
      }, ${ms});
    }).listen(${apiPort});
  `;
  await lab.stopNodeApi(node);
  const daemon = startDaemon({
    name: 'slow API server',
    command: ['nsenter', `--net=${netnsPath(netns)}`, process.execPath, '-e', relay],
    logFile: join(lab.dir, 'slow-api.log'),
    dieWithParent: true,
  });
  return async () => {
    await stopDaemon(daemon);
    lab.startNodeApi(node);
  };
}

/** Gives every node an address of 2001:db8::/64 beside its own. */
export async function giveIpv6(lab: Lab): Promise<void> {
  for (const { name, address } of lab.nodes) {
    const own = `2001:db8::${address.split('.')[3]}/64`;
    await lab.exec(name, ['ip', 'address', 'add', own, 'dev', 'eth0', 'nodad']);
  }
}
