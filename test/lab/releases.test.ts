// Every release that can be chosen, on real parts: each function that the catalogue admits, each with addresses
// of its own, several releases side by side. What is seen here with real kube-vip is what
// src/catalog/verdicts/lab-runs.ts claims. Each address is gone with its KubeVipConfig.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { seenInLab } from '../../src/catalog/verdicts/lab-runs.ts';
import { choosable, mayBeUsed, type Feature } from '../../src/catalog/verdicts.ts';
import { realKubeVip } from './images.ts';
import { holderOf, installOperator, untilReady } from './install.ts';
import { startLab, type Lab } from './lab.ts';
import { waitFor, within } from './process.ts';

const features: readonly Feature[] = ['control-plane', 'control-plane-dual-stack', 'services'];
const sideBySide = 4;

interface Row {
  readonly version: string;
  /** Name of the KubeVipConfig with one address and services; the one with two addresses is `<name>-dual`. */
  readonly name: string;
  readonly address: string;
  readonly serviceAddress: string;
  readonly two: readonly [string, string];
  readonly admitted: readonly Feature[];
}

// A stand-in is the same program under every version: the oldest and the recommended then show that it takes
// what is rendered for both.
const real = choosable.filter(({ version }) => realKubeVip(version) !== undefined);
const inTheLab =
  real.length > 0 ? real : choosable.filter(({ version }) => ['v0.6.4', 'v1.1.2'].includes(version));

const rows: readonly Row[] = inTheLab.map(({ version }, index) => ({
  version,
  name: `r${index}`,
  address: `203.0.113.${120 + index}`,
  serviceAddress: `203.0.113.${150 + index}`,
  two: [`203.0.113.${180 + index}`, `2001:db8::${(index + 1).toString(16)}`],
  admitted: features.filter((feature) => mayBeUsed(version, feature)),
}));

const batches = Array.from({ length: Math.ceil(rows.length / sideBySide) }, (_, index) =>
  rows.slice(index * sideBySide, (index + 1) * sideBySide),
);

const config = (name: string, spec: object): string =>
  stringify({ apiVersion: 'kubevip.dev/v1alpha1', kind: 'KubeVipConfig', metadata: { name }, spec });

function configsOf({ version, name, address, serviceAddress, two, admitted }: Row): readonly string[] {
  const spec = { version, mode: 'ARP' };
  const pools = [{ name: 'main', addresses: [`${serviceAddress}-${serviceAddress}`] }];
  return [
    config(name, {
      ...spec,
      ...(admitted.includes('control-plane') && { controlPlane: { addresses: [address] } }),
      ...(admitted.includes('services') && { services: { pools } }),
    }),
    ...(admitted.includes('control-plane-dual-stack')
      ? [config(`${name}-dual`, { ...spec, controlPlane: { addresses: two } })]
      : []),
  ];
}

// Releases from v1.2.0 on wait for endpoints; an address outside the cluster is one.
const serviceOf = ({ name, serviceAddress }: Row): string =>
  [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, annotations: { 'kubevip.dev/addresses': serviceAddress } },
      spec: {
        type: 'LoadBalancer',
        loadBalancerClass: `kubevip.dev/${name}`,
        selector: { app: name },
        ports: [{ port: 80 }],
      },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: `${name}-1`, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [{ port: 80, protocol: 'TCP', name: '' }],
      endpoints: [{ addresses: ['203.0.113.1'], conditions: { ready: true } }],
    },
  ]
    .map((object) => stringify(object))
    .join('---\n');

describe('releases', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({ nodes: 4, controlPlanes: 3, log: (line) => process.stdout.write(`${line}\n`) });
    await installOperator(lab);
  }, 900_000);

  afterAll(async () => {
    await lab.stop();
  }, 60_000);

  /** True when one node owns the address and the Lease names it, within a while. */
  async function isOwnedByHolder(address: string, lease: string): Promise<boolean> {
    const isSettled = async (): Promise<boolean> => {
      const owners = await lab.owners(address);
      return owners.length === 1 && owners[0] === (await holderOf(lab, lease));
    };
    return waitFor(`the holder of ${lease} to own ${address}`, isSettled, { seconds: 40 }).then(
      () => true,
      () => false,
    );
  }

  async function seen(row: Row): Promise<readonly Feature[]> {
    const { name, address, two, serviceAddress } = row;
    const checks: Readonly<Record<Feature, () => Promise<boolean>>> = {
      'control-plane': () => isOwnedByHolder(address, `${name}-control-plane`),
      'control-plane-dual-stack': async () =>
        (await isOwnedByHolder(two[0], `${name}-dual-control-plane`)) &&
        isOwnedByHolder(two[1], `${name}-dual-control-plane`),
      services: async () => {
        await lab.apply(serviceOf(row));
        return isOwnedByHolder(serviceAddress, `${name}-services`);
      },
    };
    const found: Feature[] = [];
    for (const feature of row.admitted) {
      if (await checks[feature]()) found.push(feature);
    }
    return found;
  }

  /** Nodes that still have an address of a release whose KubeVipConfigs are gone. */
  async function leftOver({ address, two, serviceAddress }: Row): Promise<readonly string[]> {
    return (await Promise.all([address, serviceAddress, ...two].map((each) => lab.owners(each)))).flat();
  }

  it.each(batches.map((batch) => [batch.map(({ version }) => version).join(', '), batch] as const))(
    'run side by side, each with addresses of its own: %s',
    async (_, batch) => {
      for (const row of batch) {
        await lab.apply(configsOf(row).join('---\n'));
      }
      for (const row of batch) {
        await untilReady(lab, row.name, 120);
        const found = await seen(row);
        process.stdout.write(`${row.version} (${lab.operand[row.version]}): ${found.join(', ')}\n`);
        expect([row.version, found]).toEqual([row.version, row.admitted]);
      }
      // With their Services: every address is there until the operator takes it away.
      await lab.kubectl('delete', 'kubevipconfig', '--all', within(120));
      for (const row of batch) {
        expect([row.version, await leftOver(row)]).toEqual([row.version, []]);
      }
      await lab.kubectl('delete', 'service', '--all', within(30));
    },
    400_000,
  );

  it('are all claimed, and no other', () => {
    for (const feature of features) {
      const admitted = rows.filter((row) => row.admitted.includes(feature)).map(({ version }) => version);
      const claimed = seenInLab[feature].filter((version) => rows.some((row) => row.version === version));
      expect(claimed).toEqual(admitted);
    }
  });
});
