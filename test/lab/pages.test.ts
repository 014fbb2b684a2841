// The pages of an install, typed as they stand: by a person on a machine in the network of the nodes, who has kubectl, Helm, a
// kubeconfig and the folder of a release, and nothing else.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readCheckout } from '../../release/checkout.ts';
import { writeRelease } from '../../release/release.ts';
import { blocksOf, pages, type Block } from '../pages/blocks.ts';
import { startLab, type Lab } from './lab.ts';
import { netnsPath } from './machine.ts';
import { apiPort, switchAddress, switchNetns } from './network.ts';
import { containerdSocket } from './node.ts';
import { run } from './process.ts';
import { ensureTools, type Binaries } from './tools.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const home = mkdtempSync(join(tmpdir(), 'pages-'));
const release = join(home, 'release');
const print = (line: string): void => void process.stdout.write(`${line}\n`);

let lab: Lab;
let tools: Binaries = {};

/** What `make release` writes, of what is here now: it need not be committed. */
async function makeRelease(): Promise<void> {
  const checkout = await readCheckout(process.cwd());
  const programs = {
    kubectl: async () => (await ensureTools(['kubernetes']))['kubectl'] ?? '',
    helm: async () => (await ensureTools(['helm']))['helm'] ?? '',
  };
  await writeRelease({ checkout, version, builder: 'lab', programs, out: release, log: () => undefined });
}

const pathTo = (...names: readonly string[]): string =>
  [...names.map((name) => dirname(tools[name] ?? '')), '/usr/bin', '/bin'].join(':');

const typed = (netns: string, text: string, env: Readonly<Record<string, string>>): Promise<string> =>
  run(['nsenter', `--net=${netnsPath(netns)}`, 'sh', '-euc', text], {
    cwd: release,
    env: { HOME: home, ...env },
  });

/** The machine of the person: in the network of the nodes, and none of them. */
const atCluster = (text: string): Promise<string> =>
  typed(switchNetns(lab.id), text, {
    PATH: pathTo('kubectl', 'helm'),
    KUBECONFIG: join(home, 'kubeconfig'),
  });

const onEveryNode = (text: string): Promise<readonly string[]> =>
  Promise.all(
    lab.nodes.map(({ name, netns }) =>
      typed(netns, text, {
        PATH: pathTo('ctr'),
        CONTAINERD_ADDRESS: containerdSocket(join(lab.dir, name)),
      }),
    ),
  );

const asTyped = async ({ place, text }: Block): Promise<string> =>
  place === 'on every node' ? (await onEveryNode(text)).join('') : atCluster(text);

beforeAll(async () => {
  tools = await ensureTools(['kubernetes', 'containerd', 'helm']);
  [lab] = await Promise.all([startLab({ nodes: 2, controlPlanes: 1, log: print }), makeRelease()]);
  const reachable = readFileSync(lab.kubeconfig, 'utf8').replace(
    lab.url,
    `https://${switchAddress}:${apiPort}`,
  );
  writeFileSync(join(home, 'kubeconfig'), reachable, { mode: 0o600 });
}, 900_000);

afterAll(async () => {
  await lab?.stop();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

describe.each(pages)('%s', (page) => {
  const blocks = blocksOf(page).filter(({ notRun }) => notRun === undefined);
  const rows = blocks.map((block) => [`line ${block.line}, ${block.heading}`, block] as const);

  it.each(rows)(
    '%s',
    async (_, block) => {
      print(`$ ${block.text.trimEnd().replaceAll('\n', '\n  ')}`);
      const said = await asTyped(block);
      print(said);
      expect(said).not.toMatch(/^error/im);
    },
    300_000,
  );

  it('leaves nothing behind', async () => {
    const kinds =
      'namespaces,crd,clusterroles,clusterrolebindings,validatingadmissionpolicies,validatingadmissionpolicybindings';
    const objects = (await lab.kubectl('get', kinds, '-o', 'name')).split('\n');
    expect(objects.filter((name) => /kube-?vip|\/web$/.test(name))).toEqual([]);
    expect(await lab.owners('203.0.113.100')).toEqual([]);
    expect(await lab.owners('203.0.113.110')).toEqual([]);
  }, 60_000);
});
