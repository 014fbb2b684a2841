// The outage of 2024, green on red, in one cluster: the historical manifest takes the nodes' addresses; an
// administrator repairs the cluster by hand and installs our operator; then the manifest is refused, and the same
// Service status does no harm. That something is refused is seen with any kube-vip. What kube-vip does is seen with real
// programs only, and is named as not run without them: the stand-in reads no status, so it could do no harm.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { recommended } from '../../../src/catalog/releases.ts';
import { historicalVersions, realKubeVip, whyNotReal } from '../images.ts';
import { installOperator, untilReady } from '../install.ts';
import { startLab, type Lab } from '../lab.ts';
import { waitFor, within } from '../process.ts';
import { churn, servicesConfig } from './churn.ts';
import { legacyAccount, legacyDaemonSet, loadBalancer } from './manifests.ts';
import { releasesOf } from './releases.ts';
import { repairCluster } from './repair.ts';
import {
  addressesOn,
  nodesWithoutTheirAddress,
  publishNodeAddresses,
  refusesNodeAddresses,
  startServiceLb,
  thefts,
} from './scenario.ts';

const out = join(import.meta.dirname, '..', 'out');
const churnSeconds = Number(process.env['CHURN_SECONDS'] ?? 20);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const [historical] = historicalVersions;
const { rows, missing } = releasesOf((version) => realKubeVip(version) !== undefined);
const running = rows.map(({ version }) => version).join(', ');

// What a real program would have to be there for is named, not passed over.
if (realKubeVip(historical) === undefined) {
  it.todo(`takes the addresses of nodes (NOT RUN: ${whyNotReal(historical)})`);
}
for (const version of missing) {
  it.todo(`does no harm with ${version} (NOT RUN: ${whyNotReal(version)})`);
}

// One cluster from the first to the last test, each of which begins where the one before ended.
describe('a Service status that holds the addresses of the nodes', () => {
  let lab: Lab;

  beforeAll(async () => {
    mkdirSync(out, { recursive: true });
    lab = await startLab({ nodes: 3, controlPlanes: 2, log: print });
  }, 120_000);

  afterAll(async () => {
    await lab.stop();
  }, 60_000);

  if (realKubeVip(historical) !== undefined) {
    it(`makes the leader of the historical manifest (${historical}) lose its own address`, async () => {
      await lab.apply(legacyAccount(true));
      await lab.apply(legacyDaemonSet);
      await lab.kubectl('-n', 'legacy', 'rollout', 'status', 'daemonset/kube-vip', within(60));
      await lab.apply(loadBalancer({ name: 'traefik' }));
      const addresses = lab.nodes.map(({ address }) => address);
      const sampler = await lab.startSampler(['203.0.113.105', ...addresses]);
      await new Promise((resolve) => setTimeout(resolve, 3000));
      sampler.mark('another controller writes the status');
      const serviceLb = startServiceLb(lab, 'traefik', 1000);
      try {
        await waitFor(
          'a node to lose its own address',
          async () => (await nodesWithoutTheirAddress(lab)).length > 0,
          { seconds: 60, everyMs: 200 },
        );
        await new Promise((resolve) => setTimeout(resolve, 5000));
      } finally {
        await serviceLb.stop();
      }
      const observation = await sampler.stop();
      observation.writePicture(
        join(out, 'outage-historical.svg'),
        `The outage: kube-vip ${historical}, real`,
      );
      const stolen = thefts(lab, observation.record);
      print(
        `without the operator: ${stolen.length} changes of ownership that must not be, the first ${stolen[0]}`,
      );
      expect(stolen).not.toEqual([]);
      expect(await nodesWithoutTheirAddress(lab)).not.toEqual([]);
    }, 180_000);

    it('is repaired by hand, in the same cluster', async () => {
      const since = Date.now();
      await repairCluster(lab, 'traefik');
      print(`repaired by hand in ${((Date.now() - since) / 1000).toFixed(0)} s`);
      for (const { name, address } of lab.nodes) {
        expect(await addressesOn(lab, name)).toEqual([`${address}/24`]);
      }
    }, 240_000);
  }

  it('is refused once the operator is there, and so is the manifest', async () => {
    const name = 'guarded';
    await installOperator(lab);
    await lab.apply(legacyAccount(false));
    await expect(lab.apply(legacyDaemonSet)).rejects.toThrow(
      'expected cp_enable or svc_enable, found both true in one process',
    );
    await lab.apply(servicesConfig({ name, version: recommended }));
    await lab.apply(loadBalancer({ name, loadBalancerClass: `kubevip.dev/${name}` }));
    await untilReady(lab, name, 120);
    // A policy learns of a CRD up to half a minute later. Until then nothing may be written: it would be believed.
    await waitFor('the policy to know the class', () => refusesNodeAddresses(lab, name), { seconds: 60 });
    await expect(publishNodeAddresses(lab, name)).rejects.toThrow(
      /status\.loadBalancer\.ingress: expected (only addresses that this Service asks for|to be written by ServiceAccount kube-vip-services only)/,
    );
    await lab.kubectl('delete', 'service', name);
    await lab.kubectl('delete', 'kubevipconfig', name, within(120));
    await expect(nodesWithoutTheirAddress(lab)).resolves.toEqual([]);
  }, 480_000);

  if (rows.length > 0) {
    it(
      `does no harm with ${running}, through ${churnSeconds} s of churn`,
      async () => {
        const { observation, summary } = await churn(lab, rows, { seconds: churnSeconds, print });
        observation.writePicture(
          join(out, 'outage-with-operator.svg'),
          'The same status, with kube-vip-operator',
        );
        print(`with the operator: ${summary}`);
        expect(thefts(lab, observation.record)).toEqual([]);
        await expect(nodesWithoutTheirAddress(lab)).resolves.toEqual([]);
      },
      (churnSeconds + 240) * 1000,
    );
  }
});
