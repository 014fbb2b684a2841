// Every sample in every version: what lands in a cluster, whole. The rules refuse the rest.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { validate } from '../../src/catalog/validation.ts';
import { choosable } from '../../src/catalog/verdicts.ts';
import { rendering } from '../builders.ts';
import { expectGolden } from '../golden.ts';

const root = new URL('../../', import.meta.url);
const samples = readdirSync(new URL('config/samples', root))
  .filter((file) => file !== 'kustomization.yaml')
  .map((file) => file.replace('.yaml', ''));

function sample(name: string, version: string): KubeVipConfig {
  const config = parse(readFileSync(new URL(`config/samples/${name}.yaml`, root), 'utf8')) as KubeVipConfig;
  const uid = '00000000-0000-0000-0000-000000000000';
  return {
    ...config,
    metadata: { ...config.metadata, uid },
    spec: { ...config.spec, version },
  };
}

const refused = [
  'control-plane-v0.6.4',
  ...['v0.8.9', 'v1.2.0', 'v1.2.1', 'v1.2.3'].flatMap((version) =>
    ['arp', 'pools', 'second-network', 'services', 'spread-a', 'spread-b'].map(
      (name) => `${name}-${version}`,
    ),
  ),
];
const cases = samples.flatMap((name) =>
  choosable.map(({ version }) => ({ id: `${name}-${version}`, config: sample(name, version) })),
);
const admitted = cases.filter(({ id }) => !refused.includes(id));

describe('samples', () => {
  it.each(refused)('%s is refused', (id) => {
    const found = cases.find((row) => row.id === id);
    expect(found && validate(found.config)).toEqual([
      { path: 'spec.version', message: expect.stringMatching(/^spec\.version: expected v1\.1\.2/) },
    ]);
  });

  it.each(admitted.map(({ id, config }) => [id, config] as const))('%s renders as recorded', (id, config) => {
    expect(validate(config)).toEqual([]);
    expectGolden(`${id}.yaml`, rendering(config));
  });

  it('have no golden file left over', () => {
    expect(readdirSync(new URL('test/golden', root)).sort()).toEqual(
      admitted.map(({ id }) => `${id}.yaml`).sort(),
    );
  });
});
