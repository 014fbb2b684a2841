// Every refusal, as the API server says it, and that `validate` offline says the same.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { rules, validate } from '../../src/catalog/validation.ts';
import { asStored, specWith, written, type AnySpec, type Written } from './builders.ts';
import { paths, startCluster, type TestCluster } from './cluster.ts';
import { notPoolEntries, poolEntries } from './pool-refusals.ts';
import { breaches, notVirtualAddresses, schemaRefusals } from './refusals.ts';
import { addresses, poolTexts, specimens } from './specimens.ts';

jest.setTimeout(60_000);

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startCluster();
}, 60_000);

afterAll(() => cluster?.stop());

const query = '?dryRun=All&fieldValidation=Strict';

/** What the API server says against creating an object, or undefined. */
const refusal = (body: Written): Promise<string | undefined> =>
  cluster.admin.refusal({ method: 'POST', path: `${paths.configs}${query}`, body });

/** The same for putting it in place of a stored one. */
function refusalOfChange(body: Written, { metadata }: KubeVipConfig): Promise<string | undefined> {
  const { name, resourceVersion } = metadata;
  const changed = { ...body, metadata: { name, resourceVersion } };
  return cluster.admin.refusal({ method: 'PUT', path: `${paths.configs}/${name}${query}`, body: changed });
}

async function withStored<T>(body: Written, use: (old: KubeVipConfig) => Promise<T>): Promise<T> {
  const old = await cluster.admin.expect<KubeVipConfig>({ method: 'POST', path: paths.configs, body });
  try {
    return await use(old);
  } finally {
    await cluster.admin.expect({ method: 'DELETE', path: `${paths.configs}/${old.metadata.name}` });
  }
}

const messagesOf = (...change: Parameters<typeof validate>): readonly string[] =>
  validate(...change).map(({ message }) => message);

describe('rules', () => {
  it('have a breach each', () => {
    expect(Object.keys(breaches).sort()).toEqual(rules.map(({ id }) => id).sort());
  });

  it.each(Object.entries(breaches))('%s is said by the API server', async (_, { spec, before, says }) => {
    const found = before
      ? await withStored(written('edge', before), (old) => refusalOfChange(written('edge', spec), old))
      : await refusal(written('edge', spec));
    expect(found).toContain(says);
  });

  it.each(Object.entries(breaches))('%s is said offline too', (_, { spec, before, says }) => {
    const old = before && asStored(written('edge', before));
    expect(messagesOf(asStored(written('edge', spec)), old)).toEqual([says]);
  });
});

describe('an address', () => {
  it.each(notVirtualAddresses)('may not be %s', async (_, text) => {
    const body = written('edge', specWith({ controlPlane: { addresses: [text] } }));
    const [complaint = ''] = messagesOf(asStored(body));
    expect(complaint).toMatch(/^spec\.controlPlane\.addresses: expected a literal unicast address .*found /);
    expect(complaint.endsWith(` found ${text}`)).toBe(true);
    expect(await refusal(body)).toContain(complaint);
  });
});

const withPool = (...addresses: string[]): Written =>
  written('edge', specWith({ services: { pools: [{ name: 'main', addresses }] } }));

describe('an entry of a pool', () => {
  it.each(notPoolEntries)('may not be %s', async (_, text) => {
    const [complaint = ''] = messagesOf(asStored(withPool(text)));
    expect(complaint).toMatch(/^spec\.services\.pools: expected a CIDR /);
    expect(await refusal(withPool(text))).toContain(complaint);
  });

  it.each(poolEntries)('may be %s', async (text) => {
    expect(await refusal(withPool(text))).toBeUndefined();
    expect(messagesOf(asStored(withPool(text)))).toEqual([]);
  });

  it('is judged within its budget when there are as many as there may be, each as long as it may be', async () => {
    const pools = Array.from({ length: 16 }, (_, pool) => ({
      name: `p${pool}`,
      addresses: Array.from({ length: 32 }, (__, at) => {
        const network = `2001:db8:1111:2222:3333:4444:55${(16 + pool).toString(16)}`;
        return `${network}:1${(256 + at).toString(16)}-${network}:1${(256 + at).toString(16)}`;
      }),
      reserved: Array.from(
        { length: 16 },
        (__, at) =>
          `2001:db8:1111:2222:3333:4444:55${(16 + pool).toString(16)}:1${(256 + at).toString(16)}/128`,
      ),
      namespaces: Array.from({ length: 64 }, (__, at) => `${'n'.repeat(61)}${10 + at}`),
    }));
    expect(await refusal(written('edge', specWith({ services: { pools } })))).toBeUndefined();
  });

  it.each([
    ['203.0.113.70', true],
    ['203.0.113.72/29', true],
    ['2001:db8::7', true],
    ['2001:db8::/96', true],
    ['203.0.113.71/29', false],
    ['203.0.113.070', false],
    ['203.0.113.70-203.0.113.71', false],
    ['2001:DB8::7', false],
    ['::ffff:203.0.113.70', false],
    ['printer', false],
  ])('may be left out as %s: %s', async (text, isAllowed) => {
    const pool = { name: 'main', addresses: ['203.0.113.64/26'], reserved: [text] };
    const body = written('edge', specWith({ services: { pools: [pool] } }));
    const [complaint] = messagesOf(asStored(body));
    expect(complaint === undefined).toBe(isAllowed);
    expect((await refusal(body))?.includes(complaint ?? 'refused')).toBe(isAllowed ? undefined : true);
  });

  it('with an address of another entry is told by the operator alone', () => {
    expect(messagesOf(asStored(withPool('203.0.113.64/26', '203.0.113.9-203.0.113.64')))).toEqual([
      'spec.services.pools: expected each address in one entry, found 203.0.113.9-203.0.113.64 of pool main and 203.0.113.64/26 of pool main with common addresses; take one of them out',
    ]);
  });
});

describe('the schema refuses', () => {
  it.each(schemaRefusals)('%s', async (_, spec, says, name = 'edge') => {
    expect(await refusal(written(name, spec))).toContain(says);
  });

  it('a typo in kubectl apply, with one line for the person', async () => {
    const { spec, ...rest } = written('edge', specWith({ vip_leaderelection: false }));
    const manifest = JSON.stringify({ ...rest, spec });
    await expect(cluster.api.apply(manifest)).rejects.toThrow('unknown field "spec.vip_leaderelection"');
  });
});

describe('a change may', () => {
  const [v4, v6] = ['203.0.113.1', '2001:db8::1'];
  const both = (...addresses: string[]): AnySpec => specWith({ controlPlane: { addresses }, services: {} });

  it.each<[string, AnySpec]>([
    ['name the addresses in another order', both(v6, v4)],
    ['spell out the default class', { ...both(v4, v6), services: { loadBalancerClass: 'kubevip.dev/edge' } }],
    ['take the control plane out', { version: 'v1.1.2', mode: 'ARP', services: {} }],
    ['take services out', specWith({ controlPlane: { addresses: [v4, v6] } })],
    ['choose another version', { ...both(v4, v6), version: 'v1.0.4' }],
  ])('%s', async (_, spec) => {
    await withStored(written('edge', both(v4, v6)), async (old) => {
      const body = written('edge', spec);
      expect(await refusalOfChange(body, old)).toBeUndefined();
      expect(messagesOf(asStored(body), old)).toEqual([]);
    });
  });
});

describe('two judges of one object, the API server and validate', () => {
  const { seed, numRuns: asked = 0 } = fc.readConfigureGlobal();
  const numRuns = Math.max(500, asked);

  /** Every complaint of ours must be among theirs, and none of ours means none of theirs. */
  function expectAgreement(complaints: readonly string[], message: string | undefined): void {
    expect({ refused: message !== undefined, message }).toEqual({ refused: complaints.length > 0, message });
    for (const complaint of complaints) {
      expect(message).toContain(complaint);
    }
  }

  it('agree on every address', async () => {
    await fc.assert(
      fc.asyncProperty(addresses, async (text) => {
        const body = written('edge', specWith({ controlPlane: { addresses: [text] } }));
        expectAgreement(messagesOf(asStored(body)), await refusal(body));
      }),
      { numRuns: 600 },
    );
  });

  it('agree on every entry of a pool', async () => {
    await fc.assert(
      fc.asyncProperty(poolTexts, async (text) => {
        expectAgreement(messagesOf(asStored(withPool(text))), await refusal(withPool(text)));
      }),
      { numRuns: 600 },
    );
  });

  it('agree on what is created', async () => {
    let refusals = 0;
    await fc.assert(
      fc.asyncProperty(specimens, async (body) => {
        const message = await refusal(body);
        refusals += message === undefined ? 0 : 1;
        expectAgreement(messagesOf(asStored(body)), message);
      }),
      { numRuns },
    );
    console.info(`create: ${numRuns} objects with seed ${seed}, ${refusals} refused`);
    expect(refusals).toBeGreaterThan(20);
  });

  it('agree on what is changed', async () => {
    const spec = specWith({
      controlPlane: { addresses: ['203.0.113.1', '2001:db8::1'] },
      services: { loadBalancerClass: 'a.io/b' },
    });
    await withStored(written('edge', spec), (old) =>
      fc.assert(
        fc.asyncProperty(specimens, async ({ spec: changed }) => {
          const body = written('edge', changed);
          expectAgreement(messagesOf(asStored(body), old), await refusalOfChange(body, old));
        }),
        { numRuns },
      ),
    );
    console.info(`change: ${numRuns} objects with seed ${seed}`);
  });
});
