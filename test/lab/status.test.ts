// What status says when real parts break: each thing broken on purpose, and told with its name and a next step.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { defaultTiming } from '../../src/api/election-timing.ts';
import { alarmMs, hangAlarmMs } from '../../src/observed/address-state.ts';
import { conditionOf, holderOf, installOperator, readConfig, untilReady } from './install.ts';
import { startLab, type Lab } from './lab.ts';
import { waitFor, within } from './process.ts';

const vip = '203.0.113.100';
const leaseMs = defaultTiming.leaseDurationSeconds * 1000;
const name = 'edge-control-plane';
const pods = { namespace: 'kube-vip-system', selector: 'app.kubernetes.io/component=control-plane' };

const config = stringify({
  apiVersion: 'kubevip.dev/v1alpha1',
  kind: 'KubeVipConfig',
  metadata: { name: 'edge' },
  // Service: the address stays where the API server is dead.
  spec: { version: 'v1.1.2', mode: 'ARP', controlPlane: { addresses: [vip], apiAccess: 'Service' } },
});

describe('status on a real cluster', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({ nodes: 3, controlPlanes: 2, log: (line) => process.stdout.write(`${line}\n`) });
    await installOperator(lab);
    await lab.apply(config);
    await untilReady(lab, 'edge', 120);
  }, 900_000);

  afterAll(() => lab?.stop(), 60_000);

  const inNamespace = (...args: string[]): Promise<string> => lab.kubectl('-n', 'kube-vip-system', ...args);
  const reason = async (): Promise<string> => {
    const { status } = await readConfig(lab, 'edge');
    return status?.conditions?.find(({ type }) => type === 'Ready')?.reason ?? '';
  };

  /** Waits until Ready has this reason, prints how long that took, and gives the message. */
  async function untilSays(wanted: string, ms: number): Promise<string> {
    const since = Date.now();
    let said = '';
    const isSaid = async (): Promise<boolean> => (said = await reason()) === wanted;
    await waitFor(`Ready to say ${wanted}`, isSaid, { seconds: ms / 1000, everyMs: 100 }).catch(
      (error: unknown) => {
        throw new Error(`expected Ready to say ${wanted} within ${ms} ms, found ${said}`, { cause: error });
      },
    );
    process.stdout.write(`${wanted} (operand: ${lab.operand['v1.1.2']}): ${Date.now() - since} ms\n`);
    return conditionOf(lab, 'edge', 'Ready');
  }

  async function untilProgrammedSays(wanted: string): Promise<void> {
    let said = '';
    const isSaid = async (): Promise<boolean> =>
      (said = await conditionOf(lab, 'edge', 'Programmed')) === wanted;
    await waitFor('Programmed to say it', isSaid, { seconds: 20, everyMs: 250 }).catch((cause: unknown) => {
      throw new Error(`expected Programmed to say ${wanted}, found ${said}`, { cause });
    });
  }

  const signalAll = async (signal: NodeJS.Signals): Promise<number> => {
    const counts = await Promise.all(lab.nodes.map((node) => lab.signalPods(node.name, pods, signal)));
    return counts.reduce((sum, count) => sum + count, 0);
  };

  it('is ready when the address answers', async () => {
    await expect(conditionOf(lab, 'edge', 'Ready')).resolves.toContain(
      `${vip} on ${await holderOf(lab, name)}`,
    );
  });

  it('says that the address leads to a dead API server', async () => {
    const holder = await holderOf(lab, name);
    await lab.stopNodeApi(holder);
    const message = await untilSays('ApiServerDead', alarmMs + 3000);
    lab.startNodeApi(holder);
    expect(message).toContain(
      `${vip}: the API server on ${holder} is dead. Expected a live API server at ${vip}:6443`,
    );
    expect(message).toContain('the address stays there and leads to a dead API server');
    await untilReady(lab, 'edge');
  }, 90_000);

  it('says that the API server behind the address hangs, though its connections are accepted', async () => {
    const holder = await holderOf(lab, name);
    lab.signalNodeApi(holder, 'SIGSTOP');
    const message = await untilSays('ApiServerDead', hangAlarmMs + 3000);
    lab.signalNodeApi(holder, 'SIGCONT');
    expect(message).toContain('found that connections are accepted and then nothing is said within 3000 ms');
    await untilReady(lab, 'edge');
  }, 90_000);

  it('says that a stranger took the Lease', async () => {
    const patch = JSON.stringify({ spec: { holderIdentity: 'stranger' } });
    await inNamespace('patch', 'lease', name, '--type=merge', '-p', patch);
    const message = await untilSays('LeaseStolen', leaseMs);
    expect(message).toContain(
      `Lease ${name} is held by stranger, which is no node. Expected a node of this cluster`,
    );
    await untilReady(lab, 'edge');
  }, 90_000);

  it('says that the Lease names a node that runs no pod of ours', async () => {
    const [worker = ''] = lab.nodes.filter(({ controlPlane }) => !controlPlane).map((node) => node.name);
    const renewTime = new Date().toISOString().replace('Z', '000Z');
    const patch = JSON.stringify({ spec: { holderIdentity: worker, renewTime } });
    await inNamespace('patch', 'lease', name, '--type=merge', '-p', patch);
    const message = await untilSays('HolderWithoutPod', leaseMs);
    expect(message).toContain(`Lease ${name} names ${worker}, which runs no pod of this KubeVipConfig. Look`);
    await untilReady(lab, 'edge');
  }, 90_000);

  it('says that nobody renews the Lease while every kube-vip is wedged', async () => {
    const holder = await holderOf(lab, name);
    expect(await signalAll('SIGSTOP')).toBeGreaterThan(0);
    // The last renewal was up to a retry period ago; then the Lease runs out.
    const message = await untilSays('LeaseStale', leaseMs + 3000);
    await signalAll('SIGCONT');
    expect(message).toContain(
      `${holder} does not renew Lease ${name}. Expected a renewal every ${leaseMs / 1000} s`,
    );
    await untilReady(lab, 'edge');
  }, 90_000);

  it('says that nobody answers where kube-vip leads and holds no address', async () => {
    const suspend = (on: boolean): Promise<string> =>
      lab.kubectl('patch', 'kvc', 'edge', '--type=merge', '-p', JSON.stringify({ spec: { suspend: on } }));
    await suspend(true);
    const user = [
      { op: 'replace', path: '/spec/template/spec/containers/0/securityContext/runAsUser', value: 65_532 },
    ];
    await inNamespace('patch', 'ds', name, '--type=json', '-p', JSON.stringify(user));
    // No controller replaces a pod by itself.
    await inNamespace('delete', 'pods', '-l', 'kubevip.dev/config=edge', within(60));
    const message = await untilSays('AddressSilent', 90_000);
    await expect(lab.owners(vip)).resolves.toEqual([]);
    expect(message).toContain('renews the Lease and its pod is ready.');
    // While the other pod starts, that is said as well.
    await inNamespace('wait', '--for=condition=Ready', 'pods', '-l', 'kubevip.dev/config=edge', within(60));
    await untilProgrammedSays(
      `False DaemonSet ${name} was changed by hand. spec.template.spec.containers[0].securityContext.runAsUser. It is left so while spec.suspend is true. Set spec.suspend to false.`,
    );
    await suspend(false);
    await untilReady(lab, 'edge', 120);
  }, 240_000);
});
