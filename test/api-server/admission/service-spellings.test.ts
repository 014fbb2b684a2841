// An address in another spelling is the same address: Kubernetes before 1.36 stores what Go reads (StrictIPCIDRValidation), and
// an annotation may have any text. Whatever Go, kube-proxy or kube-vip take for an address of ours is refused, everywhere.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { mutationsOf, readAsGo, spellingsOf } from '../../api/spellings.ts';
import { specWith, written } from '../builders.ts';
import { paths } from '../cluster.ts';
import { looseAddresses } from '../kubernetes.ts';
import { startFence, type Fence, type Row, type Write } from './fence.ts';
import { changes, makes, ofClass, publishes } from './services.ts';
import { create } from './workloads.ts';

jest.setTimeout(200_000);

const policy = 'service-addresses.kubevip.dev';
const ips = 'kube-vip.io/loadbalancerIPs';
const vips = ['203.0.113.100', '2001:db8::100'];
const [vip = '', vip6 = ''] = vips;
const foreign = ofClass('example.org/other');

const external = (...externalIPs: string[]): Write => makes('web', { spec: { externalIPs } });

/** Every place where a text can claim an address. Only the first two are judged by Kubernetes itself. */
const places: Readonly<Record<string, (text: string) => Write>> = {
  'an external IP': (text) => external(text),
  'a published address': (text) => publishes('foreign', [text]),
  'an annotation': (text) => makes('web', { annotations: { [ips]: text }, spec: foreign }),
  'spec.loadBalancerIP': (text) => makes('web', { spec: { ...foreign, loadBalancerIP: text } }),
  'another kube-vip': (text) => create({ env: { address: text } }),
};

// Each was let through by f976760.
const known: readonly (readonly [text: string, ip: string])[] = [
  ['2001:db8::0.0.1.0', vip6],
  ['2001:0DB8:0:0:0:0:0:0100', vip6],
  ['2001:00db8::00100', vip6],
  ['2001:db8::0.0.01.000', vip6],
  ['::ffff:cb00:7164', vip],
  ['0:0:0:0:0:FFFF:CB00:7164', vip],
  ['::0:ffff:cb00:07164', vip],
  ['::ffff:203.0.113.100', vip],
  ['0:0:0:0:0:FFFF:203.0.113.100', vip],
  ['203.0.113.0100', vip],
  ['203.000.113.00000100', vip],
];
const others = [
  '2001:db8::0.0.1.1',
  '::ffff:cb00:7165',
  '::203.0.113.100',
  '::ffff:0:cb00:7164',
  '203.0.113.0101',
  '::fffe:cb00:7164',
];

const rows: readonly Row[] = Object.entries(places).flatMap(([place, write]) => [
  ...known.map(([text, ip]): Row => [`${text} as ${place}`, write(text), ip]),
  ...others.map((text): Row => [`${text} as ${place}`, write(text), 'allowed']),
]);

let fence: Fence;

beforeAll(async () => {
  fence = await startFence({ flags: looseAddresses });
  const spec = specWith({ controlPlane: { addresses: vips }, services: {} });
  await fence.must({ method: 'POST', path: paths.configs, body: written('edge', spec) });
  await fence.must(makes('foreign', { spec: foreign }));
  await fence.inForce(policy, external(vip));
  await fence.inForce('foreign-kube-vip-claims.kubevip.dev', create({ env: { address: vip } }));
}, 90_000);

afterAll(() => fence?.stop());

/** The address of ours that a policy found, `allowed`, or what Kubernetes itself said. */
async function found(write: Write): Promise<string> {
  const said = await fence.ask(write);
  return (
    /found (\S+?)(?: written by \S+)?, which (?:KubeVipConfig edge|its own kube-vip) h/.exec(said)?.[1] ??
    said
  );
}

describe('an address of ours in another spelling', () => {
  it.each(rows)('%s', async (_, write, ip) => {
    expect(await found(write)).toBe(ip);
  });
});

// Kubernetes refuses what Go does not read where it judges itself: then nobody has anything.
const isJudged = (said: string): boolean => !said.startsWith('422');

describe('every spelling that Go reads', () => {
  it.each(Object.keys(places))('is refused as %s', async (place) => {
    const write = places[place] ?? external;
    const ofOurs = fc.constantFrom(...vips).chain((ip) => fc.tuple(fc.constant(ip), spellingsOf(ip)));
    await fc.assert(
      fc.asyncProperty(ofOurs, async ([ip, text]) => {
        expect([text, await found(write(text))]).toEqual([text, ip]);
      }),
      { numRuns: 150 },
    );
  });

  it.each(Object.keys(places))('is told from what is nearly one, as %s', async (place) => {
    const write = places[place] ?? external;
    const ours = new Map(vips.map((ip) => [readAsGo(ip), ip]));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...vips).chain(mutationsOf), async (text) => {
        const said = await found(write(text));
        const read = readAsGo(text);
        // What has a zone or a prefix length is no address for Go, and is taken for what is in front of it.
        const wanted = read === undefined ? [said] : [ours.get(read) ?? 'allowed'];
        expect([text, isJudged(said) ? [said] : wanted]).toEqual([text, wanted]);
      }),
      { numRuns: 150 },
    );
  });
});

describe('without the fence', () => {
  it('a Service was stored, and then can be written as long as the address does not change', async () => {
    await fence.open(policy, external(vip));
    for (const [text] of known) {
      expect(await fence.ask(external(text))).toBe('allowed');
    }
    await fence.must(makes('old', { spec: { externalIPs: ['203.0.113.0100'] } }));
    await fence.close(policy, external(vip));
    expect(await fence.ask(changes('old', { metadata: { labels: { team: 'blue' } } }))).toBe('allowed');
    expect(await fence.ask(changes('old', { spec: { externalIPs: [vip] } }))).toBe('allowed');
    expect(await fence.ask(changes('old', { spec: { externalIPs: ['203.0.113.9'] } }))).toBe('allowed');
  });
});
