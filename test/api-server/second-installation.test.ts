// A second installation: an operator in another namespace that may do everything, for the same KubeVipConfigs. It
// acts neither beside the first nor before it, in whatever order they start.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { describeRequest, isWrite, operatorRequests, operatorUser } from './audit.ts';
import { specWith, written } from './builders.ts';
import { namespace, paths, startCluster, type TestCluster } from './cluster.ts';
import { health, startReplica, type Operator } from './operator.ts';
import { settled, until } from './until.ts';
import { stretched } from '../stretched.ts';

jest.setTimeout(60_000);

const elsewhere = 'elsewhere';
const strangerUser = `system:serviceaccount:${elsewhere}:kube-vip-operator`;
const everything = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'second-installation' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ kind: 'ServiceAccount', namespace: elsewhere, name: 'kube-vip-operator' }],
};

interface Started {
  readonly operator: Operator;
  readonly port: number;
}

const running: Operator[] = [];
let cluster: TestCluster;
let strangerKubeconfig: string;
let octet = 0;

beforeAll(async () => {
  cluster = await startCluster();
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'kube-vip-operator' } };
  await cluster.api.kubectl('create', 'namespace', elsewhere);
  await cluster.admin.expect({
    method: 'POST',
    path: `/api/v1/namespaces/${elsewhere}/serviceaccounts`,
    body: account,
  });
  await cluster.api.apply(JSON.stringify(everything));
  strangerKubeconfig = await cluster.api.serviceAccountKubeconfig(elsewhere, 'kube-vip-operator');
}, 60_000);

afterEach(() => Promise.all(running.splice(0).map((operator) => operator.stop())));

afterAll(() => cluster?.stop());

async function start(kubeconfig: string, env: Readonly<Record<string, string>>): Promise<Started> {
  const { operator, port } = await startReplica({ kubeconfig, env });
  running.push(operator);
  return { operator, port };
}

const startFirst = () => start(cluster.kubeconfig, { POD_NAMESPACE: namespace, POD_NAME: 'ours' });

const says = ({ operator }: Started, msg: string) =>
  operator.waitForLog(`says ${msg}`, (line) => line.msg === msg, 20_000);
const ready = ({ port }: Started, wanted = '200 ok') =>
  settled(() => health(port, '/readyz'), wanted, 20_000);

async function create(): Promise<string> {
  octet += 1;
  const name = `c${octet}`;
  const body = written(name, specWith({ controlPlane: { addresses: [`203.0.113.${octet}`] } }));
  await cluster.admin.expect({ method: 'POST', path: paths.configs, body });
  await until(`DaemonSet of ${name}`, () => cluster.daemonSet(`${name}-control-plane`), 20_000);
  return name;
}

/** How often a DaemonSet was written, by anybody. */
const timesWritten = (name: string): number =>
  [operatorUser, strangerUser]
    .flatMap((user) => operatorRequests(cluster.api, user))
    .filter(isWrite)
    .filter(
      ({ objectRef: { resource, name: of } = {} }) =>
        resource === 'daemonsets' && of === `${name}-control-plane`,
    ).length;

const belongs = `namespace ${elsewhere}: expected ${namespace}, where it and every kube-vip belong`;

describe.each([
  [
    'knows where it runs',
    { POD_NAMESPACE: elsewhere, POD_NAME: 'strange' },
    `this operator runs in ${belongs}`,
  ],
  ['is not told where it runs', {}, `this operator has a ServiceAccount of ${belongs}`],
  [
    'is told that it runs where it does not',
    { POD_NAMESPACE: namespace, POD_NAME: 'strange' },
    `this operator has a ServiceAccount of ${belongs}`,
  ],
])('one that %s', (_, env, cause) => {
  const startStranger = () => start(strangerKubeconfig, env);

  async function refuses(stranger: Started): Promise<void> {
    expect(await says(stranger, 'will not act from here')).toMatchObject({
      level: 'error',
      cause,
      todo: expect.stringMatching(/^delete this Deployment; one installation serves the whole cluster/),
    });
    expect(await ready(stranger, `503 ${cause}`)).toBe(`503 ${cause}`);
    expect(await health(stranger.port, '/healthz')).toBe('200 ok');
    expect(operatorRequests(cluster.api, strangerUser).map(describeRequest)).toEqual([]);
    expect(stranger.operator.isRunning()).toBe(true);
  }

  it('refuses to act when it is the second, and the first goes on untouched', async () => {
    const first = await startFirst();
    await says(first, 'leading');
    const before = await create();
    const stranger = await startStranger();
    await says(stranger, 'will not act from here');
    const after = await create();
    await refuses(stranger);
    expect([before, after].map(timesWritten)).toEqual([1, 1]);
    expect((await cluster.daemonSet(`${before}-control-plane`))?.metadata?.generation).toBe(1);
    expect(await ready(first)).toBe('200 ok');
    expect(first.operator.logs.filter(({ level }) => ['warn', 'error'].includes(level))).toEqual([]);
  });

  it('refuses to act when it was there before the first, which leads at once', async () => {
    const stranger = await startStranger();
    await says(stranger, 'will not act from here');
    const first = await startFirst();
    // By its own log: how long a process takes to start on a busy machine is not the question.
    const [begun, leading] = [await says(first, 'starting'), await says(first, 'leading')];
    const ms = Date.parse(leading.time) - Date.parse(begun.time);
    const name = await create();
    await refuses(stranger);
    expect(timesWritten(name)).toBe(1);
    process.stdout.write(`beside a second installation the first leads after ${ms.toFixed(0)} ms\n`);
    expect(ms).toBeLessThan(stretched(10_000));
  });
});
