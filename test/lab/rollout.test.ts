// An upgrade with real kube-vip on three nodes, edge by edge, with the address watched all the time: it moves once at most. Then
// releases that do not work: they never reach the node that has the address.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { leavesAddress } from '../../src/catalog/releases.ts';
import type { KubeVipConfigStatus } from '../../src/api/types.ts';
import type { VipReport } from '../timeline/timeline.ts';
import { realKubeVip } from './images.ts';
import { installOperator, untilReady } from './install.ts';
import { startLab, type Lab } from './lab.ts';
import { fingerprint, makeLayer, type Image } from './oci.ts';
import { waitFor } from './process.ts';
import { ensureLabTools } from './tools.ts';

const vip = '203.0.113.100';
const [first, second] = ['v1.1.2', 'v1.2.3'] as const;
// Away from releases that leave the address behind a change is a removal, see docs/deletion.md.
const edges = [
  [first, second],
  [second, first],
  [first, 'v1.0.4'],
  ['v1.0.4', second],
  [second, 'v0.8.7'],
] as const;
const isReal = edges.flat().every((version) => realKubeVip(version) !== undefined);
if (!isReal) process.stdout.write('rollout: not run, KUBE_VIP_BIN_DIR lacks a release\n');
const suite = isReal ? describe : describe.skip;

const repository = 'localhost/lab/does-not-work';
const [crashes, idles] = [`sha256:${'b'.repeat(64)}`, `sha256:${'d'.repeat(64)}`] as const;

async function imageOf(program: string, command: string, digest: string): Promise<Image> {
  const key = `as program: ${fingerprint(program)}`;
  const layer = await makeLayer(key, () => [{ from: program, to: 'program' }]);
  return {
    names: [`${repository}@${digest}`],
    config: { Entrypoint: ['/program', command] },
    layers: [layer],
  };
}

/** Real kube-vip that is told a command which it does not have, so that it ends with an error. And a program that only waits. */
async function badImages(log: (line: string) => void): Promise<readonly Image[]> {
  const { agent } = await ensureLabTools(log);
  return [
    await imageOf(realKubeVip(second) ?? '', 'no-such-command', crashes),
    await imageOf(agent, 'pause', idles),
  ];
}

suite('a rollout on a real cluster', () => {
  let lab: Lab;

  const change = (spec: object): Promise<string> =>
    lab.kubectl('patch', 'kvc', 'edge', '--type=merge', '-p', JSON.stringify({ spec }));

  const status = async (): Promise<KubeVipConfigStatus> =>
    JSON.parse(await lab.kubectl('get', 'kvc', 'edge', '-o', 'jsonpath={.status}')) as KubeVipConfigStatus;

  const runs = (version: string) => async (): Promise<boolean> => {
    const { version: now, rollout } = await status();
    return now?.running === version && rollout === undefined;
  };

  /** What was seen of the address while something is done. */
  async function watched(act: () => Promise<void>): Promise<VipReport> {
    const sampler = await lab.startSampler([vip]);
    await act();
    const { reports } = await sampler.stop();
    const [report] = reports;
    if (report === undefined) throw new Error('expected a report of the address, found none');
    return report;
  }

  beforeAll(async () => {
    const log = (line: string): void => void process.stdout.write(`${line}\n`);
    lab = await startLab({ nodes: 3, controlPlanes: 3, images: await badImages(log), log });
    await installOperator(lab);
    const spec = {
      version: first,
      mode: 'ARP',
      controlPlane: { addresses: [vip] },
      rollout: { observeSeconds: 5, progressDeadlineSeconds: 120 },
    };
    const object = {
      apiVersion: 'kubevip.dev/v1alpha1',
      kind: 'KubeVipConfig',
      metadata: { name: 'edge' },
      spec,
    };
    await lab.apply(stringify(object));
    await untilReady(lab, 'edge', 120);
    await waitFor('the first release to run', runs(first), { seconds: 60 });
  }, 900_000);

  afterAll(() => lab?.stop(), 60_000);

  it.each(edges)(
    'from %s to %s moves the address once at most',
    async (from, to) => {
      const report = await watched(async () => {
        await change({ version: to });
        await waitFor(`every node to run ${to}`, runs(to), { seconds: 300 });
        await untilReady(lab, 'edge', 60);
      });
      const { moves, maxAbsenceMs, maxSimultaneousMs } = report;
      process.stdout.write(
        `${from} -> ${to}: ${moves.length} moves, absent for ${Math.round(maxAbsenceMs)} ms, two owners for ${Math.round(maxSimultaneousMs)} ms\n`,
      );
      expect(moves.length).toBeLessThanOrEqual(1);
      expect(maxSimultaneousMs).toBe(0);
      expect(leavesAddress(from)).toBe(false);
    },
    400_000,
  );

  it('a node gives its address up before maintenance, and takes none until it may', async () => {
    await change({ version: first, image: null });
    await waitFor('the first release to be back', runs(first), { seconds: 300 });
    await untilReady(lab, 'edge', 60);
    const holder = (await status()).controlPlane?.holder ?? '';
    const moved = await watched(async () => {
      await lab.kubectl('annotate', 'node', holder, 'kubevip.dev/hand-over=true');
      const isDone = async (): Promise<boolean> =>
        (await status()).controlPlane?.handOver?.some(
          ({ node, state }) => node === holder && state === 'Done',
        ) ?? false;
      await waitFor('the node to have given everything up', isDone, { seconds: 60 });
    });
    process.stdout.write(
      `hand-over: ${moved.moves.length} moves, absent for ${Math.round(moved.maxAbsenceMs)} ms\n`,
    );
    expect([moved.moves.length, moved.maxSimultaneousMs]).toEqual([1, 0]);
    const back = await watched(async () => {
      await lab.kubectl('annotate', 'node', holder, 'kubevip.dev/hand-over-');
      const isBack = async (): Promise<boolean> => {
        const { controlPlane } = await status();
        return controlPlane?.handOver === undefined && controlPlane?.nodes?.ready === 3;
      };
      await waitFor('its pod to be back', isBack, { seconds: 60 });
    });
    expect(back).toMatchObject({ moves: [], maxAbsenceMs: 0, maxSimultaneousMs: 0 });
  }, 600_000);

  it.each([
    ['crashes', crashes, 'pod-stays'],
    ['runs and never stands for election', idles, 'takes-part'],
  ])(
    'a release that %s never reaches the holder, and goes back by itself',
    async (_, digest, gate) => {
      await change({ version: first, image: null });
      await waitFor('the first release to be back', runs(first), { seconds: 300 });
      const report = await watched(async () => {
        const rollout = { observeSeconds: 5, progressDeadlineSeconds: 60 };
        await change({ version: second, image: { repository, digest }, rollout });
        const isBack = async (): Promise<boolean> => (await status()).rollout?.phase === 'RolledBack';
        await waitFor('the rollback', isBack, { seconds: 200 });
        await untilReady(lab, 'edge', 60);
      });
      const { rollout, conditions = [] } = await status();
      process.stdout.write(`${JSON.stringify(rollout?.failure)}\n`);
      expect(report).toMatchObject({ moves: [], maxAbsenceMs: 0, maxSimultaneousMs: 0 });
      expect(conditions.map(({ type }) => type)).toContain('RollbackActive');
      expect(rollout?.failure).toMatchObject({ gate });
    },
    700_000,
  );
});
