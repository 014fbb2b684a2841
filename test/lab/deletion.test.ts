// A control plane leaves the nodes, on real parts: no address is left on any of them, none has two owners on the way,
// and the object says what it waits for.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { realKubeVip } from './images.ts';
import { configNames, conditionOf, installOperator, untilReady } from './install.ts';
import { startLab, type Lab } from './lab.ts';
import { config, Leaving, rowsOf, serves } from './leaving.ts';
import { waitFor, within } from './process.ts';

// Those that leave the address behind when only their pod is ended, the first that does not, and the recommended.
const releases = ['v0.6.4', 'v0.8.7', 'v0.8.9', 'v0.8.10', 'v1.1.2'].filter(
  (version) => version === 'v1.1.2' || realKubeVip(version) !== undefined,
);
const rows = rowsOf(releases);
// A Lease is lost within renewDeadline + 2.2 retry periods = 14.4 s; then a pod may take its 30 s of grace, and a
// neighbour cache 53 s to forget the owner.
const leavingMs = 100_000;
const none = rows.map(() => []);
// Where it does not matter how long a Lease is good.
const leaderElection = { leaseDurationSeconds: 6, renewDeadlineSeconds: 2, retryPeriodSeconds: 1 };

describe('an address that leaves', () => {
  let lab: Lab;
  let all: Leaving;

  beforeAll(async () => {
    lab = await startLab({ nodes: 4, controlPlanes: 3, log: (line) => process.stdout.write(`${line}\n`) });
    all = new Leaving(lab, rows);
    await installOperator(lab);
  }, 900_000);

  afterAll(async () => {
    await lab?.stop();
  }, 60_000);

  const untilGone = (name: string, seconds: number) =>
    waitFor(`${name} to be gone`, async () => !(await configNames(lab)).includes(name), {
      seconds,
      everyMs: 250,
    });
  const untilSaid = (name: string, type: string, words: string, seconds: number) =>
    waitFor(
      `${type} of ${name} to say ${words}`,
      async () => (await conditionOf(lab, name, type)).includes(words),
      { seconds, everyMs: 250 },
    );

  /** Watches every address while something is done; prints how long each was bound after it began. */
  async function watch(what: string, act: () => Promise<void>) {
    const sampler = await lab.startSampler(rows.flatMap(({ address, next }) => [address, next]));
    const since = Date.now();
    await act();
    const took = Date.now() - since;
    // Whoever would take an address again has time to.
    await sleep(3000);
    const { reports } = await sampler.stop();
    const twoMs = reports.map((row) => row.maxSimultaneousMs);
    process.stdout.write(
      `${what}: all of ${releases.join(', ')} in ${took} ms, two owners ${twoMs.join()} ms\n`,
    );
    expect(twoMs).toEqual(reports.map(() => 0));
    return { took, reports };
  }

  describe('of a config that lives on', () => {
    let served: readonly string[];

    beforeAll(async () => {
      // The probe of the nodes has a test of its own, and takes its time.
      const rest = { preflight: { nodeProbe: 'Off' } };
      for (const row of rows) {
        const services = serves(row) ? { services: {} } : {};
        await lab.apply(config(row.name, row.version, row.address, { ...rest, ...services }));
      }
      await all.untilReady();
      served = await all.servers();
    }, 300_000);

    it('stays with its owner when the control plane is put back in time', async () => {
      const before = await all.owners(({ address }) => address);
      const { reports } = await watch('put back in time', async () => {
        await all.each(async (row) => {
          await all.takeOut(row);
          await all.set(row, row.address);
        });
        await all.untilReady();
      });
      expect(await all.owners(({ address }) => address)).toEqual(before);
      expect(reports.filter((_, index) => index % 2 === 0).map((row) => row.maxAbsenceMs)).toEqual(
        rows.map(() => 0),
      );
    }, 200_000);

    it('is gone before another takes its place', async () => {
      const { took } = await watch('another address', async () => {
        await all.each(async (row) => {
          await all.takeOut(row);
          await all.set(row, row.next);
          await untilSaid(row.name, 'Ready', 'because its address or interface changes', 20);
        });
        await all.untilReady();
      });
      expect(await all.owners(({ address }) => address)).toEqual(none);
      expect((await all.owners(({ next }) => next)).map(({ length }) => length)).toEqual(rows.map(() => 1));
      expect(took).toBeLessThan(leavingMs);
    }, 240_000);

    it('is gone when the control plane is taken out, whoever is killed meanwhile; Services stay', async () => {
      const { took } = await watch('taken out', async () => {
        await all.each((row) => all.takeOut(row));
        await lab.killOperand('n1', { selector: 'app.kubernetes.io/component=control-plane' });
        await lab.kubectl(
          '-n',
          'kube-vip-system',
          'delete',
          'pod',
          '-l',
          'app.kubernetes.io/name=kube-vip-operator',
        );
        await all.untilRemoved(leavingMs / 1000);
      });
      expect(await all.owners(({ next }) => next)).toEqual(none);
      expect(await all.servers()).toEqual(served);
      await all.each(async ({ name }) =>
        expect(await conditionOf(lab, name, 'Ready')).toMatch(/^True class /),
      );
      expect(took).toBeLessThan(leavingMs);
    }, 240_000);

    it('is gone when the config is deleted', async () => {
      await all.each((row) => all.set(row, row.address));
      await all.untilReady();
      const { took } = await watch('deleted', async () => {
        await lab.kubectl('delete', 'kvc', '--all', within(150));
      });
      expect(await all.owners(({ address }) => address)).toEqual(none);
      expect(took).toBeLessThan(leavingMs);
    }, 300_000);
  });

  async function start(name: string, address: string): Promise<string> {
    await lab.apply(config(name, 'v1.1.2', address, { leaderElection }));
    await untilReady(lab, name, 120);
    const [owner = ''] = await lab.owners(address);
    return owner;
  }

  describe('and that somebody else has, too', () => {
    const [given, taken] = ['203.0.113.140', '203.0.113.141'];
    let other: string;
    const ip = (verb: string, address: string, node = 'n4') =>
      lab.exec(node, ['ip', 'address', verb, `${address}/32`, 'dev', 'eth0']);

    beforeAll(async () => {
      const [, holder] = await Promise.all([start('given-up', given), start('taken-away', taken)]);
      other = holder === 'n1' ? 'n2' : 'n1';
      await Promise.all([ip('add', given), ip('add', taken, other)]);
      await lab.kubectl('delete', 'kvc', 'given-up', 'taken-away', '--wait=false');
    }, 180_000);

    it('is waited for, with the way out, until a person says whose it is', async () => {
      await untilSaid('given-up', 'Ready', `waits for ${given}:6443 to go (it still answers`, 60);
      const command = `kubevip.dev/abandon=${given}`;
      await expect(conditionOf(lab, 'given-up', 'Ready')).resolves.toContain(command);
      await lab.kubectl('annotate', '--overwrite', 'kubevipconfig', 'given-up', command);
      await untilGone('given-up', 60);
      await expect(lab.owners(given)).resolves.toEqual(['n4']);
      await ip('del', given);
    }, 180_000);

    it('is waited for until it is taken away, and the node that has it says so itself', async () => {
      const words = `${taken}:6443 to go (it still answers, node ${other} has ${taken} on eth0)`;
      await untilSaid('taken-away', 'Ready', words, 60);
      await ip('del', taken, other);
      await untilGone('taken-away', 60);
      await expect(lab.owners(taken)).resolves.toEqual([]);
    }, 180_000);
  });

  it('is left by none of those that were only just made, whoever leads first', async () => {
    const early = Array.from({ length: 8 }, (_, index) => ({
      name: `early-${index}`,
      address: `203.0.113.${150 + index}`,
      // From before the first pod runs until one has the address.
      afterMs: index * 500,
    }));
    const began = Date.now();
    await Promise.all(
      early.map(async ({ name, address, afterMs }) => {
        await lab.apply(config(name, 'v1.1.2', address, { preflight: { nodeProbe: 'Off' }, leaderElection }));
        await lab.kubectl(
          '-n',
          'kube-vip-system',
          'wait',
          '--for=create',
          `ds/${name}-control-plane`,
          within(120),
        );
        await sleep(afterMs);
        await lab.kubectl('delete', 'kvc', name, within(150));
      }),
    );
    const took = Date.now() - began;
    // Who is first is a matter of milliseconds, and only told; the test of the API server knows.
    const operators = ['-l', 'app.kubernetes.io/name=kube-vip-operator'];
    const log = await lab.kubectl('-n', 'kube-vip-system', 'logs', '--tail=-1', ...operators);
    const made = early.filter(({ name }) =>
      log
        .split('\n')
        .some((line) => line.includes(`Lease/${name}-control-plane"`) && line.includes('"from":""')),
    );
    process.stdout.write(
      `deleted when only just made: all of ${early.length} in ${took} ms, the operator led first in ${made.length}\n`,
    );
    expect(await Promise.all(early.map(({ address }) => lab.owners(address)))).toEqual(early.map(() => []));
  }, 300_000);

  it('from a node whose kubelet is dead: names it, and ends when told that the node is dead, too', async () => {
    const address = '203.0.113.142';
    const holder = await start('edge', address);
    lab.stopKubelet(holder);
    await lab.kubectl('wait', `node/${holder}`, '--for=condition=Ready=Unknown', within(90));
    await lab.kubectl('delete', 'kvc', 'edge', '--wait=false');
    await untilSaid('edge', 'Ready', `on ${holder} (${holder} is NotReady`, 90);
    const said = await conditionOf(lab, 'edge', 'Ready');
    process.stdout.write(`${said}\nstill owned by [${(await lab.owners(address)).join(', ')}]\n`);
    expect(said).toContain(`kubevip.dev/abandon=${holder}`);
    await lab.kubectl('annotate', '--overwrite', 'kubevipconfig', 'edge', `kubevip.dev/abandon=${holder}`);
    await untilGone('edge', 60);
    await expect(lab.owners(address)).resolves.toEqual([]);
  }, 300_000);
});
