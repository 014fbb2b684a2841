// The witness alone, as a process on a segment of network namespaces: what it sees of owners that the kernel plays.
import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from './process.ts';
import { ensureWitness } from './witness-layer.ts';
import { Segment, type Answers } from './witnessing.ts';
import { forge } from './forge.ts';

const [vip, vip6] = ['203.0.113.100', '2001:db8::100'];
const [subnet, subnet6] = ['203.0.113.0/24', '2001:db8::/64'];
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const ownersOf = (answers: Answers | undefined, address: string): readonly string[] =>
  answers?.control.find((one) => one.address === address)?.owners.map(({ mac }) => mac) ?? [];
const has =
  (...macs: readonly string[]) =>
  (address: string) =>
  (answers: Answers): boolean => {
    const owners = ownersOf(answers, address);
    return owners.length === macs.length && macs.every((mac) => owners.includes(mac));
  };
const isSilent =
  (address: string) =>
  (answers: Answers): boolean =>
    answers.control.some((one) => one.address === address && one.silentSince !== undefined);

let segment: Segment;
let binary = '';

const begin = async (...hosts: readonly string[]): Promise<void> => {
  segment = new Segment(...hosts);
  await segment.make();
};
const ask = (control: readonly string[], services: readonly string[] = []): void =>
  segment.witness(binary, 'w', { subnets: [subnet, subnet6], control, services });

beforeAll(async () => {
  binary = await ensureWitness({ checkout: process.cwd(), log: print });
}, 300_000);

afterEach(() => segment.remove());

describe.each([
  ['IPv4', vip],
  ['IPv6', vip6],
])('an address of %s', (family, address) => {
  it('has no owner, one, two, one and none, and each is said within seconds', async () => {
    await begin('w', 'a', 'b');
    const [a, b] = [await segment.mac('a'), await segment.mac('b')];
    ask([address]);
    await segment.until('silence', isSilent(address));
    await segment.give('a', address);
    const one = await segment.until('one owner', has(a)(address));
    await segment.give('b', address);
    const two = await segment.until('two owners', has(a, b)(address));
    await segment.take('a', address);
    const moved = await segment.until('the other owner', has(b)(address));
    await segment.take('b', address);
    const none = await segment.until('silence', isSilent(address));
    print(
      `${family}: first owner said after ${one} ms, second ${two}, its leaving ${moved}, silence ${none}`,
    );
    expect(segment.last()?.trouble).toBe('');
  }, 60_000);

  it('is owned by the node of the witness itself, and by another', async () => {
    await begin('w', 'a');
    const [own, a] = [await segment.mac('w'), await segment.mac('a')];
    await segment.give('w', address);
    ask([address]);
    await segment.until('this node', has(own)(address));
    expect(segment.last()?.control[0]?.owners[0]).toMatchObject({ mac: own, self: true });
    await segment.give('a', address);
    await segment.until('both', has(own, a)(address));
    await segment.take('w', address);
    await segment.until('the other', has(a)(address));
  }, 60_000);

  it('is seen above a NIC that is a port, by the MAC address that answers', async () => {
    await begin('w', 'a');
    await segment.in('a', 'ip', 'link', 'add', 'br1', 'up', 'type', 'bridge', 'forward_delay', '0');
    await segment.in('a', 'ip', 'link', 'set', 'br1', 'address', '02:aa:00:00:00:01');
    await segment.in('a', 'ip', 'link', 'set', 'eth0', 'master', 'br1');
    await segment.give('a', address, 'br1');
    ask([address]);
    await segment.until('the bridge', has('02:aa:00:00:00:01')(address));
    expect(ownersOf(segment.last(), address)).not.toContain(await segment.mac('a'));
  }, 60_000);
});

describe('what is no owner', () => {
  it('is a proxy of ARP', async () => {
    await begin('w', 'a', 'b');
    await segment.in('b', 'sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv4.conf.eth0.proxy_arp=1');
    await segment.in('b', 'ip', 'link', 'add', 'far', 'up', 'type', 'veth', 'peer', 'name', 'farther');
    await segment.in('b', 'ip', 'route', 'add', `${vip}/32`, 'dev', 'far');
    // A neighbour that asks as neighbours do gets the proxy's answer.
    await segment.in('w', 'bash', '-c', `echo > /dev/udp/${vip}/9`);
    const neighbour = (): Promise<string> => segment.in('w', 'ip', 'neighbour', 'show', vip);
    const proxy = await segment.mac('b');
    await waitFor('the proxy to answer', async () => (await neighbour()).includes(proxy), { seconds: 10 });
    ask([vip]);
    await segment.until('silence', isSilent(vip));
    await segment.give('a', vip);
    await segment.until('the owner', has(await segment.mac('a'))(vip));
    expect(segment.all().flatMap((answers) => ownersOf(answers, vip))).not.toContain(await segment.mac('b'));
  }, 60_000);
});

describe('what is not asked', () => {
  it('is a subnet in which this node has no interface', async () => {
    await begin('w', 'a');
    segment.witness(binary, 'w', { subnets: [subnet, '192.0.2.0/24'], control: ['192.0.2.9', vip] });
    await segment.until('silence', isSilent(vip));
    expect(segment.last()).toMatchObject({ missing: ['192.0.2.0/24'], interface: 'eth0' });
    expect(segment.last()?.control[0]).toMatchObject({ address: '192.0.2.9', asked: 0, owners: [] });
  }, 60_000);

  it('is asked as soon as the node has an interface, and never while the interface is down', async () => {
    await begin('w', 'a');
    await segment.give('a', vip);
    ask([vip]);
    const mac = await segment.mac('a');
    await segment.until('the owner', has(mac)(vip));
    await segment.in('w', 'ip', 'link', 'set', 'eth0', 'down');
    await segment.until('what is missing', ({ missing }) => missing.includes(subnet));
    expect(segment.all().filter(isSilent(vip))).toEqual([]);
    await segment.in('w', 'ip', 'link', 'set', 'eth0', 'up');
    await segment.until('the owner again', (answers) => answers.missing.length < 2 && has(mac)(vip)(answers));
  }, 60_000);
});

describe('what nothing asked for', () => {
  it('is heard: a gratuitous ARP names an owner before its turn', async () => {
    await begin('w', 'a', 'b');
    const services = Array.from({ length: 2000 }, (_, i) => `203.0.${114 + (i >> 8)}.${i & 255}`);
    const claimed = '203.0.120.200';
    await segment.give('w', '203.0.0.1/16');
    await segment.give('a', claimed);
    segment.witness(binary, 'w', { subnets: ['203.0.0.0/16'], control: [], services });
    await segment.until('answers', ({ seq }) => seq > 1);
    await forge(segment, 'a', { kind: 'gratuitous', address: claimed });
    const took = await segment.until('the claim', ({ heard }) =>
      heard.some((one) => one.address === claimed),
    );
    await segment.until('the owner', ({ groups }) => (groups[0]?.owners ?? []).some((one) => one.count >= 1));
    print(`an unasked claim is said after ${took} ms`);
    const mac = await segment.mac('a');
    expect(segment.last()?.groups[0]?.owners).toEqual([{ mac, count: 1 }]);
  }, 60_000);
});

describe('a segment that is not healthy', () => {
  it('sends random and malformed frames, and changes nothing', async () => {
    await begin('w', 'a', 'b');
    await segment.give('a', vip);
    await segment.give('a', vip6);
    ask([vip, vip6]);
    const mac = await segment.mac('a');
    await segment.until('the owner', has(mac)(vip));
    await forge(segment, 'b', { kind: 'malformed', address: vip, to: await segment.mac('w') });
    const before = segment.last()?.control[0]?.asked ?? 0;
    await segment.until('later answers', ({ control }) => (control[0]?.asked ?? 0) > before + 2);
    await segment.until('the owner still', has(mac)(vip6));
    expect(
      segment
        .all()
        .slice(1)
        .flatMap((answers) => ownersOf(answers, vip)),
    ).not.toContain(await segment.mac('b'));
  }, 60_000);

  it('is flooded with claims: that is said, nothing is called silent, and memory stays small', async () => {
    await begin('w', 'a', 'b');
    await segment.give('a', vip);
    ask([vip]);
    const mac = await segment.mac('a');
    await segment.until('the owner', has(mac)(vip));
    const frames = await forge(segment, 'b', { kind: 'flood', address: vip, seconds: 6 });
    await segment.until('the trouble', ({ trouble }) => trouble.includes('flood of ARP'));
    const silent = segment.all().filter((one) => isSilent(vip)(one) && one.trouble === '');
    expect(silent).toEqual([]);
    await segment.until('the end of the trouble', ({ trouble }) => trouble === '');
    await segment.until('the owner', has(mac)(vip));
    const [, kib = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${segment.pid}/status`, 'utf8')) ?? [];
    print(`${frames} frames of a flood; the witness has ${(Number(kib) / 1024).toFixed(0)} MiB`);
    expect(Number(kib)).toBeLessThan(64 * 1024);
  }, 60_000);
});
