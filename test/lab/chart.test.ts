// The chart on a real cluster: it is installed, its test says whether it works, and it goes again.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { chartFolder } from '../chart/chart.ts';
import { helm } from './helm.ts';
import { untilReady } from './install.ts';
import { startLab, type Lab } from './lab.ts';
import { CommandError, within } from './process.ts';

const vip = '203.0.113.100';
const name = 'kube-vip-operator';
const test = 'kube-vip-operator-test';
const config = stringify({
  apiVersion: 'kubevip.dev/v1alpha1',
  kind: 'KubeVipConfig',
  metadata: { name: 'edge' },
  spec: { version: 'v1.1.2', mode: 'ARP', controlPlane: { addresses: [vip] } },
});

/** Both streams: Helm logs what a hook said. */
const saidBy = (error: unknown): string =>
  error instanceof CommandError ? `${error.stdout}${error.stderr}` : String(error);

describe('the chart on a real cluster', () => {
  let lab: Lab;

  const helmWith = (...args: readonly string[]): Promise<string> =>
    helm([...args, '--namespace', 'kube-system', '--kubeconfig', lab.kubeconfig]);
  const inNamespace = (...args: string[]): Promise<string> => lab.kubectl('-n', 'kube-vip-system', ...args);
  const leftOver = async (): Promise<readonly string[]> => {
    const kinds = 'pods,serviceaccounts,roles,rolebindings,clusterroles,clusterrolebindings';
    const objects = (await inNamespace('get', kinds, '-o', 'name')).split('\n');
    return objects.filter((object) => object.includes(test));
  };

  beforeAll(async () => {
    lab = await startLab({ nodes: 2, controlPlanes: 1, log: (line) => process.stdout.write(`${line}\n`) });
    await helmWith('install', name, chartFolder, '--wait', '--timeout', '5m');
  }, 900_000);

  afterAll(() => lab?.stop(), 60_000);

  it('passes its test, which leaves nothing behind', async () => {
    expect(await helmWith('test', name)).toMatch(
      /TEST SUITE: +kube-vip-operator-test\n[^]*Phase: +Succeeded/,
    );
    expect(await leftOver()).toEqual([]);
  }, 300_000);

  it('brings an operator that makes an address', async () => {
    await lab.apply(config);
    await untilReady(lab, 'edge', 120);
    expect(await lab.owners(vip)).toHaveLength(1);
  }, 200_000);

  it('fails its test where the API server takes an unsafe object, and says so', async () => {
    const rules =
      '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/version/x-kubernetes-validations';
    const patch = JSON.stringify([{ op: 'remove', path: rules }]);
    await lab.kubectl('patch', 'crd', 'kubevipconfigs.kubevip.dev', '--type=json', '-p', patch);
    await expect(helmWith('test', name)).rejects.toThrow(CommandError);
    expect(await inNamespace('logs', test)).toContain(
      'API server: expected to refuse kube-vip v0.7.2 for Services, found that it takes it; install the CRD of this version again',
    );
  }, 400_000);

  it('passes it again when the CRD is installed again', async () => {
    await helmWith('upgrade', name, chartFolder, '--force-conflicts', '--wait', '--timeout', '5m');
    expect(await helmWith('test', name)).toMatch(/Phase: +Succeeded/);
    expect(await leftOver()).toEqual([]);
    expect(await lab.owners(vip)).toHaveLength(1);
  }, 400_000);

  it('does not go while there is a KubeVipConfig, and says which', async () => {
    const said = await helmWith('uninstall', name).catch(saidBy);
    expect(said).toContain('KubeVipConfigs: expected none before an uninstall, found edge');
    expect(await inNamespace('get', 'deployments', '-o', 'name')).toBe(`deployment.apps/${name}\n`);
    expect(await inNamespace('get', 'pods,serviceaccounts', '-o', 'name')).not.toContain('uninstall');
    expect(await lab.owners(vip)).toHaveLength(1);
  }, 200_000);

  it('goes when no KubeVipConfig is left', async () => {
    await lab.kubectl('delete', 'kubevipconfig', 'edge', within(180));
    await helmWith('uninstall', name, '--wait', '--timeout', '2m');
    expect(await inNamespace('get', 'deployments,daemonsets,roles', '-o', 'name')).toBe('');
    expect(await lab.owners(vip)).toEqual([]);
  }, 400_000);
});
