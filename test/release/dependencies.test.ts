// What the packages that are installed are for, and that they run on the Node that is installed with them.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { satisfies } from 'semver';

interface Package {
  readonly version: string;
  readonly dev?: boolean;
  readonly engines?: { readonly node?: string };
}

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const { dependencies, devDependencies } = read('package.json') as Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
>;
const { packages } = read('package-lock.json') as { packages: Record<string, Package> };
const decision = readFileSync('docs/decisions/0001-dependencies.md', 'utf8');

describe('the packages that users run', () => {
  it.each(Object.entries(dependencies))('%s %s has its line in the decision', (name, version) => {
    const [, why = '', whose = ''] =
      new RegExp(`^\\| ${name} ${version} \\| (.+) \\| (.+) \\|$`, 'm').exec(decision) ?? [];
    expect([why, whose].map((text) => text.length > 5)).toEqual([true, true]);
  });

  it('are all that the decision tells of', () => {
    const rows = [...decision.matchAll(/^\| (\S+) \d\S* \|/gm)].map(([, name]) => name);
    expect(new Set(rows)).toEqual(new Set(Object.keys(dependencies)));
  });

  it('are no more than there were', () => {
    const runtime = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
    expect(runtime.length).toBeLessThanOrEqual(111);
  });
});

describe('every package', () => {
  it('runs on the Node that is installed with it', () => {
    const node = devDependencies['node'] ?? '';
    const others = Object.entries(packages).filter(
      ([, { engines }]) => engines?.node !== undefined && !satisfies(node, engines.node),
    );
    expect(others.map(([path, { engines }]) => `${path}: ${engines?.node}`)).toEqual([]);
  });
});
