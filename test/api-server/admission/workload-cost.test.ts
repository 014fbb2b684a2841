// The policies about workloads have a run-time budget, and the one with parameters lets pass what it cannot finish. So the largest
// workloads that a person can write must still be judged.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startFence, type Fence, type Write } from './fence.ts';
import { createLargest, vip } from './largest.ts';
import { someAddresses } from './services.ts';
import { container, create, safe } from './workloads.ts';

jest.setTimeout(60_000);

const some = someAddresses;
let fence: Fence;

beforeAll(async () => {
  fence = await startFence();
  await createLargest(fence);
  await fence.inForce('foreign-kube-vip-claims.kubevip.dev', create({ env: { address: vip } }));
  await fence.inForce('foreign-kube-vip.kubevip.dev', create({ env: { cp_enable: 'true' } }));
}, 90_000);

afterAll(() => fence?.stop());

describe('a kube-vip is still judged', () => {
  const padded = (count: number, variables: Readonly<Record<string, string>> = {}): Write => {
    const wanted = Object.entries({ ...safe, ...variables }).map(([name, value]) => ({ name, value }));
    const padding = Array.from({ length: count - wanted.length }, (_, n) => ({
      name: `PADDING_${n}`,
      value: 'x',
    }));
    return create({ container: { env: [...padding, ...wanted] } });
  };

  it('with 1,000 variables', async () => {
    expect(await fence.ask(padded(1000))).toBe('allowed');
    expect(await fence.ask(padded(1000, { cp_enable: 'true' }))).toContain('found both true in one process');
    expect(await fence.ask(padded(1000, { address: vip }))).toContain(
      `address: expected none of KubeVipConfig edge`,
    );
  });

  it('with more, which it does not read', async () => {
    expect(await fence.ask(padded(1001))).toContain(
      'container kube-vip: env: expected at most 1000 variables, found more, so that the workload cannot be judged',
    );
  });

  it('with the longest addresses that are read', async () => {
    const address = [...some(70), vip].join();
    expect(await fence.ask(padded(100, { address }))).toContain(
      'address: expected none of KubeVipConfig edge',
    );
  });

  const addresses = (count: number, address: string): Write => {
    const wanted = Object.entries(safe).map(([name, value]) => ({ name, value }));
    const listed = Array.from({ length: count }, () => ({
      name: 'address',
      value: `${','.repeat(980)}${address}`,
    }));
    return create({ container: { env: [...wanted, ...listed] } });
  };

  it('with as many lists of addresses as are read', async () => {
    expect(await fence.ask(addresses(3, vip))).toContain('address: expected none of KubeVipConfig edge');
  });

  it('with more, which it does not read', async () => {
    const said = 'address and vip_address: expected at most 3000 characters in all containers';
    // Of nobody: when two policies refuse, either may be heard.
    expect(await fence.ask(addresses(900, '203.0.113.9'))).toContain(said);
    const initContainers = some(2).map((_, n) => ({
      ...container({ env: { address: ','.repeat(990) } }),
      name: `c${n}`,
    }));
    const spread = create({ env: { address: `${','.repeat(960)}${vip}, ${vip}` }, initContainers });
    expect(await fence.ask(spread)).toContain('address: expected none of KubeVipConfig edge');
    const more = [...initContainers, ...initContainers.map((one) => ({ ...one, name: `${one.name}-more` }))];
    expect(await fence.ask(create({ initContainers: more }))).toContain(said);
  });

  it.each([
    ['of one digit', '0,', 1480],
    ['that are nearly IPv6', '0:f,', 740],
    ['that are nearly IPv4', '0.f,', 740],
    ['of IPv4 in IPv6', '::ffff:1:1,', 260],
    ['of long groups', `${'0'.repeat(90)}ffff:${'0'.repeat(90)}ffff:1,`, 14],
  ])('with the longest lists %s', async (_, entry, count) => {
    const text = entry.repeat(count);
    const env = Array.from({ length: 3 }, (__, n) => ({
      name: 'address',
      value: text.slice(n * 990, (n + 1) * 990),
    }));
    const [first, ...rest] = env;
    const list = [...rest, { name: 'address', value: `${vip},${first?.value.slice(0, 960)}` }];
    const wanted = Object.entries(safe).map(([name, value]) => ({ name, value }));
    expect(await fence.ask(create({ container: { env: [...wanted, ...list] } }))).toContain(
      'address: expected none of KubeVipConfig edge',
    );
  });

  it('with more containers, variables and arguments, which it does not read', async () => {
    const more = (count: number, fields: object = {}) =>
      create({
        initContainers: Array.from({ length: count }, (_, n) => ({
          ...container({ container: fields }),
          name: `c${n}`,
        })),
      });
    const env = Array.from({ length: 500 }, (_, n) => ({ name: `N${n}`, value: 'x' }));
    expect(await fence.ask(more(8))).toContain('containers: expected at most 8 that run kube-vip, found 9');
    expect(await fence.ask(more(2, { env }))).toContain(
      'env: expected at most 1000 variables in all containers',
    );
    const args = (list: readonly string[]) => create({ container: { args: list } });
    const said = 'args: expected at most 64 arguments of at most 1000 characters, found more';
    expect(await fence.ask(args(Array.from({ length: 65 }, () => 'x')))).toContain(said);
    expect(await fence.ask(args(['x'.repeat(1001)]))).toContain(said);
    expect(await fence.ask(more(100_000 / 1000, { env: [...env, ...env] }))).not.toBe('allowed');
  });

  it('with its Lease 1,000 times, beside an address', async () => {
    const env = [
      { name: 'address', value: vip },
      ...Array.from({ length: 990 }, () => ({ name: 'svc_leasename', value: 'edge-services' })),
    ];
    expect(await fence.ask(create({ container: { env } }))).toContain(
      'address: expected none of KubeVipConfig edge',
    );
  });
});
