// What only the nodes can tell, on real nodes: each trouble is named with its node, and no trouble says nothing.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { effectiveSpec } from '../../src/api/defaults.ts';
import { conditionOf, holderOf, installOperator, untilReady } from './install.ts';
import { kubeadmNotes } from './kubeadm-notes.ts';
import { startLab, type Lab } from './lab.ts';
import { netnsPath } from './machine.ts';
import { addNic, plugIn } from './outsider.ts';
import { allFindingsOf, config, findingsOf, messagesOf, ProbeScene, withAddress } from './probing.ts';
import { startDaemon, stopDaemon, waitFor, within } from './process.ts';
import { giveIpv6, skewKubelet, slowApi } from './trouble.ts';

const pair = (name: string, ...state: readonly string[]): readonly string[] => [
  'ip',
  'link',
  'add',
  name,
  ...state,
  'type',
  'veth',
  'peer',
  'name',
  'far',
];

describe('the probe of the nodes', () => {
  let lab: Lab;
  let scene: ProbeScene;

  beforeAll(async () => {
    lab = await startLab({ nodes: 3, controlPlanes: 2, log: (line) => process.stdout.write(`${line}\n`) });
    await lab.apply(kubeadmNotes);
    await installOperator(lab);
    scene = new ProbeScene(lab);
  }, 900_000);

  afterAll(async () => {
    await lab?.stop();
  }, 60_000);

  it('lets a healthy cluster pass without a word, and leaves nothing behind', async () => {
    await lab.apply(withAddress('quick', '203.0.113.109', { preflight: { nodeProbe: 'Off' } }));
    const without = await scene.untilThere('quick-control-plane');
    // One that is ended before it has led leaves the address behind, and its deletion waits for that.
    await untilReady(lab, 'quick');
    await lab.kubectl('delete', 'kvc', 'quick', within(60));
    // Witnesses have nodes asked for MAC addresses after each start of the operator.
    await lab.apply(withAddress('edge', '203.0.113.100', { services: {}, witness: 'Off' }));
    const took = await scene.untilThere('edge-control-plane', 'edge-services');
    process.stdout.write(
      `apply to DaemonSets: ${without.toFixed(0)} ms without, ${took.toFixed(0)} ms with the probe\n`,
    );
    const asked = await scene.untilAsked('edge');
    expect(findingsOf(asked)).toEqual([]);
    expect(asked.status?.nodeProbe?.map(({ asked: nodes, answered }) => [nodes, answered])).toEqual([
      [2, 2],
      [1, 1],
    ]);
    await untilReady(lab, 'edge');
    await expect(conditionOf(lab, 'edge', 'PreflightPassed')).resolves.toMatch(/^True /);
    await waitFor('the probe to be gone', async () => (await scene.left()).length === 0, { seconds: 20 });
  }, 180_000);

  it('does not take the address on its holder for an outsider when it asks again, whichever NIC answers', async () => {
    const second = await addNic(lab, await holderOf(lab, 'edge-control-plane'), '203.0.113.91');
    const before = (await scene.read('edge')).status?.nodeProbe?.[0]?.startedAt ?? '';
    const patch = JSON.stringify({ spec: { controlPlane: { interface: 'eth0' } } });
    await lab.kubectl('patch', 'kvc', 'edge', '--type=merge', '-p', patch);
    await waitFor(
      'another run',
      async () => ((await scene.read('edge')).status?.nodeProbe?.[0]?.startedAt ?? '') > before,
      { seconds: 10 },
    );
    const asked = await scene.untilAsked('edge');
    expect(messagesOf(asked)).not.toContain(second);
    expect(findingsOf(asked)).toEqual([]);
    await untilReady(lab, 'edge');
  }, 120_000);

  it('asks nothing again when the operator starts again', async () => {
    const before = (await scene.read('edge')).status?.nodeProbe;
    const pods = { namespace: 'kube-vip-system', selector: 'app.kubernetes.io/name=kube-vip-operator' };
    await Promise.all(lab.nodes.map(({ name }) => lab.signalPods(name, pods, 'SIGKILL')));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await installOperator(lab);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect((await scene.read('edge')).status?.nodeProbe).toEqual(before);
    expect(await scene.daemonSets()).toEqual(['edge-control-plane', 'edge-services']);
  }, 120_000);

  it('names an outsider that answers for the address, applies nothing, and goes on when it has left', async () => {
    const outsider = await plugIn(lab, '203.0.113.101');
    await lab.apply(withAddress('taken', '203.0.113.101'));
    const asked = await scene.untilAsked('taken');
    expect(findingsOf(asked)).toContain(`Failed address-is-unused host ${outsider.mac}`);
    expect(messagesOf(asked)).toContain('asked from n1, n2');
    expect(await scene.daemonSets()).not.toContain('taken-control-plane');
    await outsider.leave();
    await waitFor(
      'it to be asked again',
      async () => (await scene.daemonSets()).includes('taken-control-plane'),
      {
        seconds: 100,
        everyMs: 500,
      },
    );
    // Status comes after what was applied, and may still tell of the first run.
    const first = asked.status?.nodeProbe?.[0]?.startedAt;
    expect(findingsOf(await scene.untilAsked('taken', first))).toEqual([]);
    await untilReady(lab, 'taken');
    await lab.kubectl('delete', 'kvc', 'taken', within(60));
  }, 240_000);

  it('names a node that has the address', async () => {
    await lab.exec('n3', ['ip', 'address', 'add', '203.0.113.102/32', 'dev', 'eth0']);
    const everywhere = { nodeSelector: { 'kubernetes.io/os': 'linux' } };
    await lab.apply(config('held', { controlPlane: { addresses: ['203.0.113.102'], ...everywhere } }));
    const asked = await scene.untilAsked('held');
    expect(findingsOf(asked).filter((row) => row.startsWith('Failed'))).toEqual([
      'Failed address-is-unused Node/n3',
    ]);
    expect(messagesOf(asked)).toContain('on n3: ip address delete 203.0.113.102/32 dev eth0');
    await lab.exec('n3', ['ip', 'address', 'delete', '203.0.113.102/32', 'dev', 'eth0']);
    await lab.kubectl('delete', 'kvc', 'held', within(60));
  }, 120_000);

  it('names the node whose interface is down, that with another name, and that with a taken port', async () => {
    await lab.exec('n1', pair('lan0', 'up'));
    await lab.exec('n1', ['ip', 'link', 'set', 'far', 'up']);
    await lab.exec('n2', pair('lan0'));
    await lab.exec('n3', pair('lan1', 'up'));
    // One of these is the next one that is free: which one depends on whether the operator has seen the last one go.
    const listen =
      "for (let port = 29100; port < 29110; port += 1) require('net').createServer().on('error', () => {}).listen(port)";
    const netns = lab.nodes[0]?.netns ?? '';
    const listener = startDaemon({
      name: 'listener',
      command: ['nsenter', `--net=${netnsPath(netns)}`, process.execPath, '-e', listen],
      logFile: join(lab.dir, 'listener.log'),
      dieWithParent: true,
    });
    await waitFor(
      'the last port to be taken',
      async () => (await lab.exec('n1', ['ss', '-ltnH', 'sport = :29109'])) !== '',
      { seconds: 20, everyMs: 100 },
    );
    const everywhere = {
      interface: 'lan0',
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      tolerations: [{ operator: 'Exists' }],
    };
    await lab.apply(config('mixed', { services: everywhere }));
    const asked = await scene.untilAsked('mixed');
    await stopDaemon(listener);
    expect([...findingsOf(asked)].sort()).toEqual([
      'Warned interface-everywhere Node/n2',
      'Warned interface-everywhere Node/n3',
      'Warned ports-are-free Node/n1',
      'Warned services-on-control-plane-too KubeVipConfig/mixed',
    ]);
    expect(messagesOf(asked)).toContain('lan0 is down');
    expect(messagesOf(asked)).toContain('lan1');
    expect(messagesOf(asked)).toMatch(/another program has port 2910\d/);
    await waitFor(
      'it to be applied all the same',
      async () => (await scene.daemonSets()).includes('mixed-services'),
      { seconds: 10 },
    );
    await lab.kubectl('delete', 'kvc', 'mixed', within(60));
  }, 180_000);

  it('names the node whose clock is ahead, and that whose API server is slow', async () => {
    const [straighten, hasten] = [await skewKubelet(lab, 'n3', 60), await slowApi(lab, 'n2', 2500)];
    const services = {
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      tolerations: [{ operator: 'Exists' }],
    };
    await lab.apply(withAddress('late', '203.0.113.104', { services }));
    const asked = await scene.untilAsked('late');
    await Promise.all([straighten(), hasten()]);
    const played = ['Warned api-is-fast Node/n2', 'Warned clocks-agree Node/n3'];
    expect(allFindingsOf(asked)).toEqual(expect.arrayContaining(played));
    // What the relay adds at least; the probe gives up after 5 s.
    expect(messagesOf(asked)).toMatch(/the API server took (2[5-9]|[34]\d)\d\d ms to answer/);
    // In it is how much later than the others this kubelet took its pod on: less than would be found itself.
    const { renewDeadlineSeconds } = effectiveSpec(asked).election;
    const ahead = Number(/the clock is (\d+) s ahead/.exec(messagesOf(asked))?.[1]);
    expect(ahead).toBeGreaterThanOrEqual(60 - renewDeadlineSeconds);
    expect(ahead).toBeLessThanOrEqual(60 + renewDeadlineSeconds);
    await untilReady(lab, 'late');
    await lab.kubectl('delete', 'kvc', 'late', within(60));
  }, 120_000);

  it('judges IPv6 like IPv4: who has an address, who answers for one, and whose subnet has it', async () => {
    await giveIpv6(lab);
    const outsider = await plugIn(lab, '2001:db8::101');
    // Left on n1, so that none of these is ever applied.
    const left = {
      held: '203.0.113.105',
      taken: '203.0.113.106',
      free: '203.0.113.107',
      astray: '203.0.113.108',
    };
    const six = {
      held: '2001:db8::100',
      taken: '2001:db8::101',
      free: '2001:db8::102',
      astray: '2001:db8:1::103',
    };
    const names = ['held', 'taken', 'free', 'astray'] as const;
    for (const cidr of [...Object.values(left).map((address) => `${address}/32`), `${six.held}/128`]) {
      await lab.exec('n1', ['ip', 'address', 'add', cidr, 'dev', 'eth0']);
    }
    const addressesOf = (name: (typeof names)[number]) => [left[name], six[name]];
    for (const name of names) {
      await lab.apply(config(`six-${name}`, { controlPlane: { addresses: addressesOf(name) } }));
    }
    const asked = await Promise.all(names.map((name) => scene.untilAsked(`six-${name}`)));
    await outsider.leave();
    const [held, taken, free, astray] = asked.map((found) =>
      messagesOf(found)
        .split('\n')
        .filter((line) => line.includes('2001:db8:') && !line.includes('to name')),
    );
    expect(held).toEqual([expect.stringContaining(`on n1: ip address delete ${six.held}/128 dev eth0`)]);
    expect(taken).toEqual([
      `host without a known MAC address: answers for ${six.taken}, asked from n1, n2. Expected ${six.taken} on no host but the one on which kube-vip puts it. Take the address from the host that has it, or choose another.`,
    ]);
    expect(free).toEqual([]);
    expect(astray).toEqual(
      ['n1', 'n2'].map((node) => expect.stringContaining(`Node/${node}: ${six.astray} is in no subnet of `)),
    );
    await lab.kubectl('delete', 'kvc', ...names.map((name) => `six-${name}`), within(60));
  }, 120_000);

  it('leaves no probe behind', async () => {
    await lab.kubectl('delete', 'kvc', '--all', within(60));
    await waitFor('every probe to be gone', async () => (await scene.left()).length === 0, { seconds: 30 });
    expect((await scene.daemonSets()).filter((name) => name.endsWith('-probe'))).toEqual([]);
  }, 120_000);
});
