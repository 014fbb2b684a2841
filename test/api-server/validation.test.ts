// Every refusal, as the API server says it, and that `validate` offline says the same.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { rules, validate } from '../../src/catalog/validation.ts';
import { asStored, specWith, written, type AnySpec, type Written } from './builders.ts';
import { paths, startCluster, type TestCluster } from './cluster.ts';
import { breaches, notVirtualAddresses, schemaRefusals } from './refusals.ts';
import { addresses, specimens } from './specimens.ts';

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
    expect(validate(asStored(written('edge', spec)), old)).toEqual([says]);
  });
});

describe('an address', () => {
  it.each(notVirtualAddresses)('may not be %s', async (_, text) => {
    const body = written('edge', specWith({ controlPlane: { addresses: [text] } }));
    const [complaint = ''] = validate(asStored(body));
    expect(complaint).toMatch(/^spec\.controlPlane\.addresses: expected a literal unicast address .*found /);
    expect(complaint.endsWith(` found ${text}`)).toBe(true);
    expect(await refusal(body)).toContain(complaint);
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
      expect(validate(asStored(body), old)).toEqual([]);
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
        expectAgreement(validate(asStored(body)), await refusal(body));
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
        expectAgreement(validate(asStored(body)), message);
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
          expectAgreement(validate(asStored(body), old), await refusalOfChange(body, old));
        }),
        { numRuns },
      ),
    );
    console.info(`change: ${numRuns} objects with seed ${seed}`);
  });
});
