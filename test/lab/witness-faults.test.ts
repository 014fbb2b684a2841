// What witnesses make of faults, on real parts: each is told for what it is, and what is in order raises no alarm.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { realKubeVip, whyNotReal } from './images.ts';
import { conditionOf, holderOf, installOperator, readConfig, untilReady } from './install.ts';
import { startLab, type Lab } from './lab.ts';
import { answerForAll } from './forge.ts';
import { Operators } from './operators.ts';
import { addNic, answerWithBoth, changeMac, plugIn, removeNic } from './outsider.ts';
import { waitFor } from './process.ts';
import { giveIpv6 } from './trouble.ts';
import type { Watched } from './watched.ts';
import {
  alarmsSince,
  sharedIn,
  sightOf,
  untilCalmIn,
  untilHeard,
  untilSaid,
  watchStatus,
  witnessNodes,
} from './witness-sights.ts';

const version = 'v1.1.2';
const [vip, vip6] = ['203.0.113.100', '2001:db8::100'];
const component = 'control-plane';
const pods = { selector: `app.kubernetes.io/component=${component}` };
const place = 'lab.test/vip';
const system = 'kube-vip-system';
const often = { seconds: 90, everyMs: 100 };
const print = (line: string): void => void process.stdout.write(`witness: ${line}\n`);

const config = JSON.stringify({
  apiVersion: 'kubevip.dev/v1alpha1',
  kind: 'KubeVipConfig',
  metadata: { name: 'edge' },
  spec: {
    version,
    mode: 'ARP',
    controlPlane: { addresses: [vip, vip6], nodeSelector: { [place]: '' } },
    leaderElection: { leaseDurationSeconds: 6, renewDeadlineSeconds: 2, retryPeriodSeconds: 1 },
  },
});

if (realKubeVip(version) === undefined) {
  it.todo(`witnesses and faults of real kube-vip ${version} (${whyNotReal(version)})`);
} else {
  let lab: Lab;
  let status: Watched<'duplicate' | 'why' | 'orphan' | 'ready' | 'said' | 'owners'>;

  const holder = (): Promise<string> => holderOf(lab, `edge-${component}`);
  const untilCalm = (): Promise<void> => untilCalmIn(lab);
  const leadingNode = async (): Promise<string> => {
    const leader = await new Operators(lab).leader();
    const path = '/api/v1/namespaces/kube-vip-system/pods';
    const { items } = await lab.read<{
      items: readonly { metadata: { name: string }; spec: { nodeName: string } }[];
    }>(path);
    return items.find(({ metadata }) => leader.startsWith(metadata.name))?.spec.nodeName ?? '';
  };

  beforeAll(async () => {
    lab = await startLab({ nodes: 3, controlPlanes: 3, log: (line) => process.stdout.write(`${line}\n`) });
    await giveIpv6(lab);
    await installOperator(lab);
  }, 900_000);

  afterAll(async () => {
    status?.stop();
    await lab?.stop();
  }, 60_000);

  it('prove the network where the leading operator runs on the holder, of both families', async () => {
    const leading = await leadingNode();
    await lab.kubectl('label', 'node', leading, `${place}=`);
    await lab.apply(config);
    status = watchStatus(lab, 'edge');
    await untilReady(lab, 'edge', 120);
    await lab.kubectl('label', 'node', '--all', '--overwrite', `${place}=`);
    await untilCalm();
    expect([await holder(), await leadingNode()]).toEqual([leading, leading]);
    const owners = (await readConfig(lab, 'edge')).status?.controlPlane?.owners ?? [];
    expect(owners.map(({ address, node }) => [address, node])).toEqual([
      [vip, leading],
      [vip6, leading],
    ]);
    print(`the operator and the address are on ${leading}: ${await conditionOf(lab, 'edge', 'Ready')}`);
    await untilReady(lab, 'edge', 60);
  }, 300_000);

  it('raise no alarm when the process of the holder is killed', async () => {
    const since = Date.now();
    expect(await lab.killOperand(await holder(), pods)).toBe(1);
    await untilCalm();
    print(`killed, the holder is proven after ${Date.now() - since} ms`);
    expect(alarmsSince(status, since)).toEqual([]);
  }, 120_000);

  it('raise no alarm where a switch answers for every address', async () => {
    const since = Date.now();
    const host = await plugIn(lab, '203.0.113.200');
    const lasting = answerForAll(host.netns, 10);
    await untilHeard(lab, vip, (macs) => macs.includes(host.mac) && macs.length > 1);
    const answered = await lasting;
    await untilCalm();
    await host.leave();
    print(`a switch that answered ${answered} questions is no owner`);
    // Not even as a MAC of which the nodes are to be asked.
    expect(status.sights.filter(({ at, of }) => at >= since && of.said.includes(host.mac))).toEqual([]);
    expect(alarmsSince(status, since)).toEqual([]);
  }, 120_000);

  it('raise no alarm where the holder answers with another card, or with two, as bonds do', async () => {
    const since = Date.now();
    const held = await holder();
    const second = await addNic(lab, held, '203.0.113.201');
    await untilHeard(lab, vip, (macs) => macs.includes(second) && macs.length === 1);
    await untilCalm();
    print(`another card of the holder is known after ${Date.now() - since} ms`);
    await answerWithBoth(lab, held);
    await untilHeard(lab, vip, (macs) => macs.includes(second) && macs.length === 2);
    await sleep(3000);
    await untilCalm();
    await removeNic(lab, held);
    await untilHeard(lab, vip, (macs) => !macs.includes(second) && macs.length === 1);
    await untilCalm();
    expect(alarmsSince(status, since)).toEqual([]);
  }, 120_000);

  it('raise no alarm where the card of the holder gets another MAC while it runs', async () => {
    const since = Date.now();
    const held = await holder();
    const changed = await changeMac(lab, held);
    await untilHeard(lab, vip, (macs) => macs.includes(changed) && macs.length === 1);
    await untilCalm();
    print(`another MAC of the holder is known after ${Date.now() - since} ms`);
    expect(await holder()).toBe(held);
    expect(alarmsSince(status, since)).toEqual([]);
  }, 120_000);

  it('say of a holder that was cut off what it still has when it comes back, and end that', async () => {
    const before = await holder();
    const sampler = await lab.startSampler([vip]);
    const since = Date.now();
    await lab.disconnect(before);
    await waitFor('another holder', async () => !['', before].includes(await holder()), often);
    const isProven = ({ said }: { readonly said: string }): boolean =>
      !said.includes(`${before} alone`) && /hears? \S+ alone/.test(said);
    const proven = await sightOf(status, 'proof', since, isProven);
    print(`cut off, the next holder is proven after ${proven.at - since} ms`);
    expect(alarmsSince(status, since)).toEqual([]);
    const kept = await lab.owners(vip);
    await lab.connect(before);
    const back = Date.now();
    await waitFor('one owner', async () => (await lab.owners(vip)).length === 1, often);
    await untilCalm();
    const { record } = await sampler.stop();
    const spans = sharedIn(record, record.to).filter(({ to }) => to > back);
    const until = Math.round((spans.at(-1)?.to ?? back) - back);
    const alarms = alarmsSince(status, back);
    print(
      `back, it ${kept.includes(before) ? 'still had the address' : 'had let go'}, two nodes had it for ${until} ms, and that was ${alarms.length > 0 ? 'said' : 'not said'}`,
    );
    // kube-vip ends while its interface is down, and the kubelet waits longer and longer before it starts it again.
    expect(alarms.filter((text) => !kept.includes(before) || !text.includes(before))).toEqual([]);
  }, 240_000);

  it('that disagree are told by name, and that is no alarm', async () => {
    const [deaf = '', other = ''] = (await witnessNodes(lab)).filter((node) => node !== '');
    const held = await holder();
    const from = deaf === held ? other : deaf;
    const shown = await lab.exec(from, ['ip', '-j', 'link', 'show', 'eth0']);
    const [{ address: mac } = { address: '' }] = JSON.parse(shown) as { address: string }[];
    const rules = ['add table arp lab', 'add chain arp lab in { type filter hook input priority 0 ; }'];
    const since = Date.now();
    for (const rule of [...rules, `add rule arp lab in arp saddr ether ${mac} drop`]) {
      await lab.exec(held, ['nft', rule]);
    }
    const { at, of } = await sightOf(status, 'the deaf one', since, ({ said }) =>
      said.includes('hears no answer'),
    );
    print(`two that disagree, after ${at - since} ms: ${of.said}`);
    expect(of.said).toContain(`The witness on ${from} hears no answer for ${vip}`);
    await lab.exec(held, ['nft', 'delete table arp lab']);
    await sightOf(status, 'the end', Date.now(), ({ said }) => !said.includes('hears no answer'));
    expect(alarmsSince(status, since)).toEqual([]);
  }, 120_000);

  it('go on when one hangs, and say which', async () => {
    const [node = ''] = await witnessNodes(lab);
    const begin = Date.now();
    const witness = { selector: 'kubevip.dev/witness' };
    expect(await lab.signalPods(node, witness, 'SIGSTOP')).toBe(1);
    const { at } = await sightOf(status, 'its silence', begin, ({ said }) =>
      said.includes(`Nothing is known from the witness on ${node}`),
    );
    print(`a witness that hangs is said after ${at - begin} ms`);
    expect(await conditionOf(lab, 'edge', 'Ready')).toMatch(/^True .*The witness on \S+ hears \S+ alone/);
    await lab.signalPods(node, witness, 'SIGKILL');
    const killed = Date.now();
    await untilSaid(lab, 'Ready', /The witnesses on \S+ \S+ hear/);
    print(`killed, it answers again after ${Date.now() - killed} ms`);
    expect(alarmsSince(status, begin)).toEqual([]);
  }, 120_000);

  it('come back with the namespace', async () => {
    const since = Date.now();
    await lab.kubectl('annotate', 'namespace', system, 'kubevip.dev/allow-deletion=true');
    await lab.kubectl('delete', 'namespace', system, '--wait=false');
    const isGone = async () => !(await lab.kubectl('get', 'namespace', '-o', 'name')).includes(system);
    await waitFor('the namespace to be gone', isGone, { seconds: 60, everyMs: 250 });
    await installOperator(lab);
    await untilCalm();
    print(`the namespace deleted and applied, the holder is proven after ${Date.now() - since} ms`);
    expect(alarmsSince(status, since)).toEqual([]);
  }, 300_000);

  it('say both where the kubelet of a former holder does not report, and that it has let go', async () => {
    await untilCalm();
    const former = await holder();
    lab.stopKubelet(former);
    const sampler = await lab.startSampler([vip]);
    const since = Date.now();
    expect(await lab.signalPods(former, pods, 'SIGSTOP')).toBe(1);
    const shared = () => sharedIn(sampler.soFar(), Date.now());
    await waitFor('two owners', () => shared().length > 0, often);
    const [first = { from: 0 }] = shared();
    // What the kubelets said last may be told first.
    const two = await sightOf(status, 'two owners', since, ({ why }) => why === 'TwoNodesAnswer');
    print(
      `kubelet gone, two owners said ${Math.round(two.at - first.from)} ms after the second answer: ${two.of.why}: ${two.of.duplicate}`,
    );
    expect(two.of.duplicate).toContain(former);
    await sampler.stop();
    for (const address of [`${vip}/32`, `${vip6}/128`]) {
      await lab.exec(former, ['ip', 'address', 'del', address, 'dev', 'eth0']);
    }
    const off = Date.now();
    await untilCalm();
    const { of } = status.sights.at(-1) ?? { of: { said: '', duplicate: '' } };
    print(`taken off by hand, that is proven ${Date.now() - off} ms later: ${of.said}`);
    expect(await holder()).not.toBe(former);
  }, 240_000);
}
