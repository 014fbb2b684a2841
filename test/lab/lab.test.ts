// The lab proves itself here: it comes up, it stays apart from the machine, it leaves nothing behind, and
// the stand-in for kube-vip does what the real program does. Needs root; without it, these tests fail with
// the reason.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultRepository, releaseOf } from '../../src/catalog/releases.ts';
import type { VipReport } from '../timeline/timeline.ts';
import { realKubeVip, standInImageName, whyNotReal } from './images.ts';
import { startLab, type Lab } from './lab.ts';
import { processIds } from './machine.ts';
import { namespacesOf } from './network.ts';
import {
  kubeVip,
  loadBalancer,
  namespace,
  operandAccount,
  serviceClass,
  takeOverMs,
} from './operand-manifests.ts';
import { run, waitFor, within } from './process.ts';
import type { Observation } from './sampler.ts';
import { cgroupOf, containerGroupsOf, controlGroupsOf, listRuns, mountsBelow } from './state.ts';

jest.setTimeout(120_000);

const log = (line: string) => void process.stderr.write(`${line}\n`);
const pinned = (version: string) => `${defaultRepository}:${version}@${releaseOf(version).digest}`;

// The same suite for both. Where no real program is given, that half is skipped under a name that says so.
const real = realKubeVip('v1.1.2');
const operands = [
  { what: 'the stand-in', image: standInImageName },
  ...(real === undefined ? [] : [{ what: 'real kube-vip v1.1.2', image: pinned('v1.1.2') }]),
];
const notRun = real === undefined ? [`real kube-vip v1.1.2 (NOT RUN: ${whyNotReal('v1.1.2')})`] : [];

let lab: Lab;
let rootBefore: string;

beforeAll(async () => {
  rootBefore = await rootNetwork();
  lab = await startLab({ nodes: 3, controlPlanes: 2, log });
  await lab.apply(operandAccount);
});

afterAll(async () => {
  await lab?.stop();
});

describe('a lab of three nodes', () => {
  it('has three nodes that are Ready, two of them for the control plane', async () => {
    const printed = await lab.kubectl('get', 'nodes', '--no-headers');
    const rows = printed.trim().split('\n');
    expect(rows.map((line) => line.split(/\s+/).slice(0, 3))).toEqual([
      ['n1', 'Ready', 'control-plane'],
      ['n2', 'Ready', 'control-plane'],
      ['n3', 'Ready', '<none>'],
    ]);
  });

  it('gives the root namespace no link, address or route', async () => {
    expect(await rootNetwork()).toBe(rootBefore);
  });

  it('answers on the API endpoint of each control-plane node, until that endpoint is stopped', async () => {
    const version = (address: string) =>
      lab.exec('n3', ['curl', '-sk', '--max-time', '2', `https://${address}:6443/version`]);
    expect(await version('203.0.113.11')).toContain('v1.36');
    await lab.stopNodeApi('n1');
    await expect(version('203.0.113.11')).rejects.toThrow('ended with 7');
    expect(await version('203.0.113.12')).toContain('v1.36');
    lab.startNodeApi('n1');
    await waitFor('the endpoint to answer again', async () => (await version('203.0.113.11')) !== '', {
      seconds: 5,
    });
  });
});

describe.each(operands)('$what', ({ what, image }) => {
  const vip = what === 'the stand-in' ? '203.0.113.100' : '203.0.113.101';
  const name = 'kv-control-plane';

  const holder = async () => (await lab.owners(vip))[0] ?? 'nobody';
  const heldByOther = (than: string) => async () => ![than, 'nobody'].includes(await holder());

  /** Watches the address while something is done to it; prints and draws what was seen. */
  async function watched(label: string, act: () => Promise<void>): Promise<Observation> {
    const sampler = await lab.startSampler([vip]);
    sampler.mark(label);
    await act();
    const seen = await sampler.stop();
    const [report] = seen.reports;
    log(`${what}: ${label}: absent ${report?.maxAbsenceMs} ms, two owners ${report?.maxSimultaneousMs} ms`);
    mkdirSync(join(import.meta.dirname, 'out'), { recursive: true });
    const file = `${what} ${label}`.replaceAll(/[^a-z0-9.]+/gi, '-');
    seen.writePicture(join(import.meta.dirname, 'out', `${file}.svg`), `${what}: ${label}`);
    return seen;
  }

  /** What is more than one take-over, after which the same node may have it again, or another. */
  const beyondOneTakeOver = ({ maxSimultaneousMs, maxAbsenceMs, moves }: VipReport): readonly string[] => [
    ...(maxSimultaneousMs > 0 ? [`two owners for ${maxSimultaneousMs} ms`] : []),
    ...(maxAbsenceMs >= takeOverMs ? [`none for ${maxAbsenceMs} ms, of at most ${takeOverMs}`] : []),
    ...(moves.length > 1 ? [`${moves.length} moves`] : []),
  ];

  it('holds an address on exactly one control-plane node', async () => {
    const seen = await watched('start', async () => {
      await lab.apply(kubeVip({ name, image, address: vip }));
      await waitFor('an owner', async () => (await holder()) !== 'nobody', { seconds: 30 });
      await lab.kubectl('rollout', 'status', '-n', namespace, `daemonset/${name}`, within(30));
    });
    expect(['n1', 'n2']).toContain(await holder());
    expect(seen.reports[0]?.maxSimultaneousMs).toBe(0);
  });

  it('answers on the address from another node', async () => {
    const answer = await lab.exec('n3', ['curl', '-sk', '--max-time', '2', `https://${vip}:6443/version`]);
    expect(answer).toContain('v1.36');
  });

  it("has one owner at most when the holder's process is killed", async () => {
    const seen = await watched('kill -9', async () => {
      const before = await holder();
      expect(await lab.killOperand(before)).toBe(1);
      await waitFor('the container to run again', () => restarted(before), { seconds: 20 });
      await waitFor('an owner', async () => (await holder()) !== 'nobody', { seconds: 20 });
    });
    expect(seen.reports.map(beyondOneTakeOver)).toEqual([[]]);
  });

  it("hands the address over when the holder's pod is deleted", async () => {
    const seen = await watched('pod deleted', async () => {
      const where = `spec.nodeName=${await holder()}`;
      await lab.kubectl('delete', 'pod', '-n', namespace, '-l', `app=${name}`, '--field-selector', where);
      await waitFor('an owner', async () => (await holder()) !== 'nobody', { seconds: 20 });
    });
    expect(seen.reports[0]?.maxSimultaneousMs).toBe(0);
    expect(seen.reports[0]?.maxAbsenceMs).toBeLessThan(5000);
  });

  it('takes the address away from a node whose API endpoint is dead', async () => {
    const before = await holder();
    const seen = await watched('API endpoint of the holder killed', async () => {
      await lab.stopNodeApi(before);
      await waitFor('another owner', heldByOther(before), { seconds: 30 });
    });
    lab.startNodeApi(before);
    expect(seen.reports.map(beyondOneTakeOver)).toEqual([[]]);
  });

  it('gives the address up when its DaemonSet is deleted', async () => {
    await lab.kubectl('delete', 'daemonset', '-n', namespace, name, '--cascade=foreground');
    await waitFor('no owner', async () => (await holder()) === 'nobody', { seconds: 20 });
    expect(await lab.owners(vip)).toEqual([]);
  });

  it('announces a Service of its class and no other', async () => {
    const other = '203.0.113.109';
    await lab.apply(kubeVip({ name: 'kv-services', image }));
    await lab.apply(loadBalancer('stranger', other, 'example.org/other'));
    await lab.apply(loadBalancer('ours', vip, serviceClass));
    await waitFor('an owner', async () => (await holder()) !== 'nobody', { seconds: 30 });
    const path = 'jsonpath={.status.loadBalancer.ingress[0].ip}';
    await waitFor('the status', async () => (await lab.kubectl('get', 'svc', 'ours', '-o', path)) === vip, {
      seconds: 20,
    });
    expect(await lab.owners(vip)).toHaveLength(1);
    expect(await lab.owners(other)).toEqual([]);
    await lab.kubectl('delete', 'service', 'ours', 'stranger');
    await waitFor('no owner', async () => (await holder()) === 'nobody', { seconds: 20 });
    await lab.kubectl('delete', 'daemonset', '-n', namespace, 'kv-services', '--cascade=foreground');
  });

  async function restarted(node: string): Promise<boolean> {
    const path = 'jsonpath={.items[*].status.containerStatuses[*].restartCount}';
    const where = ['-l', `app=${name}`, '--field-selector', `spec.nodeName=${node}`];
    return Number(await lab.kubectl('get', 'pods', '-n', namespace, ...where, '-o', path)) > 0;
  }
});

for (const what of notRun) it.todo(`${what} passes the same suite as the stand-in`);

describe('labs in turn', () => {
  it('leave no process, mount, namespace, control group or file behind', async () => {
    // Its containers are killed with the lab.
    await lab.apply(kubeVip({ name: 'kv-stays', image: standInImageName }));
    await lab.kubectl('rollout', 'status', '-n', namespace, 'daemonset/kv-stays', within(30));
    const containers = containerGroupsOf(listRuns().find(({ id }) => id === lab.id)?.processes ?? []);
    expect(containers.flatMap(controlGroupsOf)).not.toEqual([]);
    await lab.stop();
    expect(await traces(lab)).toEqual([]);
    expect(containers.flatMap(controlGroupsOf)).toEqual([]);
    const second = await startLab({ nodes: 1, controlPlanes: 1, log });
    await second.stop();
    await second.stop();
    expect(await traces(second)).toEqual([]);
    expect(await rootNetwork()).toBe(rootBefore);
  });

  it('clean up after a start that fails', async () => {
    let started = '';
    const failing = startLab({ vips: ['not,a name'], log: (line) => (started ||= line) });
    await expect(failing).rejects.toThrow('subjectAltName');
    const dir = started.split(' in ')[1] ?? '';
    expect(dir).toContain('kvl-');
    expect(await traces({ id: dir.slice(-6).toLowerCase(), dir })).toEqual([]);
  });
});

/** Everything that the root network namespace has, without address lifetimes, which count down. */
async function rootNetwork(): Promise<string> {
  const commands = [['link'], ['address'], ['route', 'show', 'table', 'all']];
  const printed = await Promise.all(commands.map((words) => run(['ip', '-o', ...words])));
  return printed.join('').replaceAll(/valid_lft \S+ preferred_lft \S+/g, '');
}

/** What is left of a lab, as a list to be empty. */
async function traces({ id, dir }: Pick<Lab, 'id' | 'dir'>): Promise<string[]> {
  const mentions = (pid: number) => {
    try {
      const about = ['cmdline', 'mountinfo'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8'));
      return about.some((text) => text.includes(dir));
    } catch {
      return false;
    }
  };
  return [
    ...processIds().flatMap((pid) => (mentions(pid) ? [`process ${pid}`] : [])),
    ...(await namespacesOf(id)).map((netns) => `network namespace ${netns}`),
    ...mountsBelow(dir).map((point) => `mount ${point}`),
    ...controlGroupsOf(cgroupOf(id)),
    ...(existsSync(dir) ? [dir] : []),
  ];
}
