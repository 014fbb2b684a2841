// Ten minutes (or fewer) of everything that could make kube-vip touch an address that is not its own:
// Services come and go, another controller rewrites status, holders are killed.
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { holderOf, untilReady } from '../install.ts';
import type { Lab } from '../lab.ts';
import type { Observation } from '../sampler.ts';
import { loadBalancer } from './manifests.ts';
import type { Row } from './releases.ts';
import { startServiceLb } from './scenario.ts';

/** A KubeVipConfig that serves the class of its name. */
export const servicesConfig = ({
  name,
  version,
  serviceAddress,
}: Pick<Row, 'name' | 'version'> & Partial<Pick<Row, 'serviceAddress'>>): string =>
  stringify({
    apiVersion: 'kubevip.dev/v1alpha1',
    kind: 'KubeVipConfig',
    metadata: { name },
    // On every node, so that any of them could be robbed.
    spec: {
      version,
      mode: 'ARP',
      services: {
        nodeSelector: {},
        tolerations: [{ operator: 'Exists' }],
        ...(serviceAddress && {
          // Only to who asks: another Service of the class shall have none.
          pools: [{ name: 'main', addresses: [`${serviceAddress}-${serviceAddress}`], autoAssign: false }],
        }),
      },
    },
  });

async function disturb(lab: Lab, rows: readonly Row[], round: number): Promise<void> {
  const row = rows[round % rows.length];
  if (row === undefined) {
    return;
  }
  const { name, loadBalancerClass, serviceAddress } = row;
  await lab.kubectl('delete', 'service', `${name}-own`, '--ignore-not-found');
  await lab.apply(loadBalancer({ name: `${name}-own`, loadBalancerClass, address: serviceAddress }));
  const holder = await holderOf(lab, `${name}-services`);
  if (holder !== '') {
    await lab.killOperand(holder, { selector: `kubevip.dev/config=${name}` });
  }
}

/** Runs it; returns what was seen of the nodes' addresses and what was done, in words. */
export async function churn(
  lab: Lab,
  rows: readonly Row[],
  { seconds, print }: { readonly seconds: number; readonly print: (line: string) => void },
): Promise<{ readonly observation: Observation; readonly summary: string }> {
  for (const row of rows) {
    await lab.apply(servicesConfig(row));
    // Of the class, without an address: only its status has any.
    await lab.apply(loadBalancer({ name: `${row.name}-status`, loadBalancerClass: row.loadBalancerClass }));
  }
  for (const { name, version } of rows) {
    await untilReady(lab, name, 120);
    print(`${version} (${lab.operand[version]}) serves class kubevip.dev/${name}`);
  }
  await lab.apply(loadBalancer({ name: 'traefik' }));
  const sampler = await lab.startSampler(lab.nodes.map(({ address }) => address));
  sampler.mark('another controller writes the status');
  const serviceLb = startServiceLb(lab, 'traefik', 500);
  const end = Date.now() + seconds * 1000;
  let rounds = 0;
  while (Date.now() < end) {
    await disturb(lab, rows, rounds);
    rounds += 1;
    await sleep(1000);
  }
  const writes = await serviceLb.stop();
  const observation = await sampler.stop();
  return {
    observation,
    summary: `${rows.length} releases, ${seconds} s, ${writes} writes of the status, ${rounds} Services made anew and holders killed`,
  };
}
