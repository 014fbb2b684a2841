// The network watched by witnesses, on real parts: who answers is in status, a second owner is said and ended, an outsider is
// named, and what is in order raises no alarm.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultTiming } from '../../src/api/election-timing.ts';
import { stretched } from '../stretched.ts';
import type { VipReport } from '../timeline/timeline.ts';
import { doAll, longRound, shortRound } from './deeds.ts';
import { realKubeVip, whyNotReal } from './images.ts';
import { conditionOf, deletePodOn, holderOf, installOperator, readConfig, untilReady } from './install.ts';
import { startLab, type Lab } from './lab.ts';
import { plugIn } from './outsider.ts';
import { waitFor } from './process.ts';
import type { Watched } from './watched.ts';
import {
  alarmsSince,
  askedToEnd,
  sharedIn,
  sightOf,
  silencesSince,
  stepsOf,
  untilCalmIn,
  watchPods,
  watchStatus,
  witnessNodes,
  witnessObjects,
} from './witness-sights.ts';

const version = 'v1.1.2';
const vip = '203.0.113.100';
const address = '203.0.113.110';
const component = 'control-plane';
const pods = { selector: `app.kubernetes.io/component=${component}` };
const leaseMs = defaultTiming.leaseDurationSeconds * 1000;
const often = { seconds: 90, everyMs: 100 };
/** A night has an hour of what is in order. */
const calmSeconds = Number(process.env['CALM_SECONDS'] ?? 0);
const print = (line: string): void => void process.stdout.write(`witness: ${line}\n`);

const configOf = (release: string): string => config({ version: release });
const config = (over: object = {}): string =>
  JSON.stringify({
    apiVersion: 'kubevip.dev/v1alpha1',
    kind: 'KubeVipConfig',
    metadata: { name: 'edge' },
    spec: {
      version,
      mode: 'ARP',
      controlPlane: { addresses: [vip] },
      services: { pools: [{ name: 'main', addresses: [`${address}-${address}`] }] },
      ...over,
    },
  });

const service = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', annotations: { 'kubevip.dev/addresses': address } },
  spec: { type: 'LoadBalancer', loadBalancerClass: 'kubevip.dev/edge', ports: [{ port: 80 }] },
});

if (realKubeVip(version) === undefined) {
  it.todo(`witnesses and real kube-vip ${version} (${whyNotReal(version)})`);
} else {
  let lab: Lab;
  let status: Watched<'duplicate' | 'why' | 'orphan' | 'ready' | 'said' | 'owners'>;

  const holder = (): Promise<string> => holderOf(lab, `edge-${component}`);
  const untilCalm = (): Promise<void> => untilCalmIn(lab);

  beforeAll(async () => {
    lab = await startLab({ nodes: 3, controlPlanes: 2, log: (line) => process.stdout.write(`${line}\n`) });
    await installOperator(lab);
    await lab.apply(config());
    status = watchStatus(lab, 'edge');
  }, 900_000);

  afterAll(async () => {
    status?.stop();
    await lab?.stop();
  }, 60_000);

  it('has the owner in status', async () => {
    const begin = Date.now();
    await waitFor('a holder', async () => (await holder()) !== '', often);
    const held = Date.now();
    const { at } = await sightOf(status, 'the owner', begin, ({ owners }) => owners.includes(`"${vip}"`));
    print(`owner in status ${at - held} ms after the Lease was held, ${at - begin} ms after the config`);
    await untilReady(lab, 'edge', 120);
    await untilCalm();
    const { status: said } = await readConfig(lab, 'edge');
    expect(said?.controlPlane?.owners).toMatchObject([{ address: vip, node: await holder() }]);
    expect(await witnessNodes(lab)).toHaveLength(2);
  }, 300_000);

  it(
    'raises no alarm when addresses move in order, nodes are drained, and kube-vip changes',
    async () => {
      const doing = { lab, config: configOf, version, service, address };
      const deeds = calmSeconds > 0 ? longRound(doing) : shortRound(doing);
      const sampler = await lab.startSampler([vip]);
      const since = Date.now();
      const alarms = () => [...alarmsSince(status, since), ...silencesSince(status, since)];
      const done = await doAll(deeds, calmSeconds).finally(() =>
        print(`alarms: ${JSON.stringify(alarms())}`),
      );
      const [{ moves, maxSimultaneousMs, maxAbsenceMs }] = (await sampler.stop()).reports as [VipReport];
      const { remedies = [] } = (await readConfig(lab, 'edge')).status ?? {};
      const seconds = Math.round((Date.now() - since) / 1000);
      print(
        `${seconds} s: ${[...done].map(([name, count]) => `${name} ${count}`).join(', ')}. ${moves.length} moves, two owners for ${Math.round(maxSimultaneousMs)} ms at most, none for ${Math.round(maxAbsenceMs)} ms, ${alarms().length} alarms, ${remedies.length} pods ended`,
      );
      expect([alarms(), remedies]).toEqual([[], []]);
    },
    400_000 + 2000 * calmSeconds,
  );

  it('names an outsider by its MAC', async () => {
    const begin = Date.now();
    const outsider = await plugIn(lab, vip);
    const plugged = Date.now();
    const alarm = sightOf(status, 'an alarm', begin, ({ duplicate }) => duplicate !== '');
    const { at, of } = await alarm.catch(async (error: unknown) => {
      await outsider.leave();
      throw error;
    });
    print(`outsider said after ${at - plugged} to ${at - begin} ms: ${of.why}: ${of.duplicate}`);
    expect(of.why).toBe('StrangerAnswers');
    expect(of.duplicate).toContain(outsider.mac);
    await outsider.leave();
    const left = Date.now();
    const end = await sightOf(status, 'its end', left, ({ duplicate }) => duplicate === '');
    print(`its end said after ${end.at - left} ms`);
    expect(at - plugged).toBeLessThan(stretched(5000));
    await untilCalm();
  }, 120_000);

  it('says a second owner when the first is stopped, and ends it', async () => {
    const sampler = await lab.startSampler([vip]);
    const stopped = await holder();
    const ends = watchPods(lab, component);
    const begin = Date.now();
    expect(await lab.signalPods(stopped, pods, 'SIGSTOP')).toBe(1);
    const shared = () => sharedIn(sampler.soFar(), Date.now());
    await waitFor('two owners', () => shared().length > 0, often);
    const [first = { from: 0 }] = shared();
    const said = await sightOf(status, 'two owners', begin, ({ duplicate }) => duplicate !== '');
    await waitFor('one owner again', async () => (await lab.owners(vip)).length === 1, often);
    const { record, reports } = await sampler.stop();
    ends.stop();
    print(`of the pods on ${stopped}, after SIGSTOP: ${stepsOf(ends, stopped, begin)}`);
    const [last = { to: 0 }] = sharedIn(record, record.to).slice(-1);
    print(
      `two owners ${Math.round(first.from - begin)} ms after SIGSTOP, said ${Math.round(said.at - first.from)} ms later (${said.of.why}), for ${Math.round(reports[0]?.maxSimultaneousMs ?? 0)} ms, all over ${Math.round(last.to - begin)} ms after SIGSTOP`,
    );
    await untilCalm();
    expect((await readConfig(lab, 'edge')).status?.remedies).toMatchObject([
      { address: vip, node: stopped, function: component },
    ]);
    expect(said.of.why).toBe('TwoNodesAnswer');
    expect(said.of.duplicate).toContain(stopped);
    const asked = askedToEnd(ends, stopped);
    expect([first.from, said.at, asked, last.to]).toEqual(
      [first.from, said.at, asked, last.to].toSorted((a, b) => a - b),
    );
    expect(said.at - first.from).toBeLessThan(stretched(3000));
    // Two lease durations, the time until another node may take the Lease included.
    expect(last.to - begin).toBeLessThan(stretched(2 * leaseMs));
  }, 240_000);

  it('says within a Lease that no machine answers', async () => {
    const stopped = await holder();
    // One that runs puts its address back.
    await lab.signalPods(stopped, pods, 'SIGSTOP');
    await lab.exec(stopped, ['ip', 'address', 'del', `${vip}/32`, 'dev', 'eth0']);
    const begin = Date.now();
    const { at, of } = await sightOf(status, 'silence', begin, ({ said }) =>
      said.includes('no machine answers'),
    );
    print(`no owner is said after ${at - begin} ms: ${of.ready} ${of.said}`);
    await lab.signalPods(stopped, pods, 'SIGCONT');
    expect(of.ready).toBe('False');
    expect(at - begin).toBeLessThan(stretched(leaseMs));
    await untilCalm();
  }, 120_000);

  it('says an address that a Service left on a node', async () => {
    await lab.apply(service);
    await waitFor('the address to be bound', async () => (await lab.owners(address)).length === 1, often);
    await sleep(5000);
    const [left = ''] = await lab.owners(address);
    const leads = { selector: 'app.kubernetes.io/component=services' };
    await lab.signalPods(left, leads, 'SIGSTOP');
    await lab.kubectl('delete', 'service', 'web', '--wait=false');
    const begin = Date.now();
    const { at, of } = await sightOf(status, 'the orphan', begin, ({ orphan }) => orphan !== '');
    print(`an address that a deleted Service left is said after ${at - begin} ms: ${of.orphan}`);
    expect(of.orphan).toContain(address);
    expect(of.orphan).toContain(left);
    expect((await readConfig(lab, 'edge')).status?.orphans).toMatchObject([
      { address, node: left, interface: 'eth0' },
    ]);
    await lab.exec(left, ['ip', 'address', 'del', `${address}/32`, 'dev', 'eth0']);
    const taken = Date.now();
    const end = await sightOf(status, 'its end', taken, ({ orphan }) => orphan === '');
    print(`its end is said after ${end.at - taken} ms`);
    await lab.signalPods(left, leads, 'SIGCONT');
  }, 240_000);

  it('says an address that stayed when a Service changed its type, where no policy kept it from that', async () => {
    await lab.apply(service);
    await waitFor('the address to be bound', async () => (await lab.owners(address)).length === 1, often);
    await sleep(5000);
    const guards = ['service-grants.kubevip.dev', 'service-features.kubevip.dev'];
    await lab.kubectl('delete', 'validatingadmissionpolicybindings', ...guards);
    const patch = JSON.stringify({ spec: { type: 'ClusterIP', loadBalancerClass: null } });
    const change = () => lab.kubectl('patch', 'service', 'web', '--type=merge', '-p', patch);
    await waitFor('the change to be admitted', () => change().then(Boolean, () => false), often);
    const begin = Date.now();
    const { at, of } = await sightOf(status, 'the orphan', begin, ({ orphan }) => orphan !== '');
    print(
      `an address that a Service left that changed its type is said after ${at - begin} ms: ${of.orphan}`,
    );
    const [left = ''] = await lab.owners(address);
    expect(of.orphan).toContain(left);
    const restarted = Date.now();
    await deletePodOn(lab, left, 'services');
    const isOff = async () => (await lab.owners(address)).length === 0;
    const taken = await waitFor('a restart to take it off', isOff, { seconds: 45, everyMs: 250 }).then(
      () => `after ${Date.now() - restarted} ms`,
      () => 'not within 45 s',
    );
    print(`a restart of its kube-vip takes it off ${taken}`);
    await lab.kubectl('apply', '-k', join(import.meta.dirname, '..', '..', 'config', 'admission'));
    await lab.kubectl('delete', 'service', 'web', '--wait=false');
  }, 240_000);

  it('is not there where spec.witness is Off', async () => {
    await lab.apply(config({ witness: 'Off' }));
    const begin = Date.now();
    await waitFor('everything to be deleted', async () => (await witnessObjects(lab)).length === 0, often);
    print(`everything of the witnesses is deleted after ${Date.now() - begin} ms`);
    expect(await conditionOf(lab, 'edge', 'Ready')).not.toContain('witness');
  }, 120_000);
}
