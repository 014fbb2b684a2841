// One KubeVipConfig through its life, on a real API server, with the controllers played by hand.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { heard } from './audit.ts';
import { conditionsOf, messageOf, specWith } from './builders.ts';
import { paths } from './cluster.ts';
import { startStage, type Conditions, type Stage } from './stage.ts';
import { until } from './until.ts';
import { stretched } from '../stretched.ts';

jest.setTimeout(30_000);

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
  await stage.api.kubectl('apply', '-f', 'config/samples/arp.yaml');
  // No node can be asked here, which is a warning.
  await stage.change('edge', { preflight: { nodeProbe: 'Off' } });
  await stage.untilRuns(services);
}, 60_000);

afterAll(() => stage?.stop());

const [api, services] = ['edge-control-plane', 'edge-services'] as const;
const edge = () => stage.config('edge');
const accepted = { Accepted: 'True Accepted', PreflightPassed: 'True PreflightPassed' };
const fine = { ...accepted, Programmed: 'True Applied' };
const underWay = (reason: string): Conditions => ({
  ...accepted,
  Programmed: `False ${reason}`,
  Ready: 'False NoHolder',
  Reconciling: `True ${reason}`,
});

describe('the sample', () => {
  it('becomes two DaemonSets within a second', async () => {
    await stage.create('quick', specWith({ controlPlane: { addresses: ['203.0.113.99'] }, services: {} }));
    await stage.untilRuns('quick-control-plane');
    await stage.untilRuns('quick-services');
    const { askedAt } = await heard(stage.api, 'create kubevipconfigs', 'quick');
    const applied = await Promise.all(
      ['quick-control-plane', 'quick-services'].map((name) => heard(stage.api, 'patch daemonsets', name)),
    );
    const took = Math.max(...applied.map(({ answeredAt }) => answeredAt)) - askedAt;
    console.info(`apply to both DaemonSets: ${took} ms`);
    expect(took).toBeLessThan(stretched(1000));
  });

  it.each<[string, () => Promise<void>, Conditions]>([
    [
      'is Applying while no DaemonSet controller has seen its DaemonSets',
      async () => undefined,
      underWay('Applying'),
    ],
    [
      'is Stalled with NoNodeMatches when no node is selected',
      async () => {
        await stage.play.runHealthy(services, 'n3');
        await stage.play.observe(api, { desired: 0, updated: 0, ready: 0 });
      },
      {
        ...accepted,
        Programmed: 'False NoNodeMatches',
        Ready: 'False NoNodeMatches',
        Stalled: 'True NoNodeMatches',
      },
    ],
    [
      'is RollingOut while nodes run an older revision, and has NoHolder while nobody took the Lease',
      () => stage.play.observe(api, { desired: 2, updated: 1, ready: 2 }),
      underWay('RollingOut'),
    ],
    [
      'is PodsNotReady while pods of the current revision start',
      () => stage.play.observe(api, { desired: 2, updated: 2, ready: 1 }),
      underWay('PodsNotReady'),
    ],
    [
      'is HolderNotReady while the pod on the node that leads is not ready',
      async () => {
        await stage.play.runPod(api, 'n1', false);
        await stage.play.hold(api, { holder: 'n1' });
        await stage.play.observe(api, { desired: 2, updated: 2, ready: 2 });
      },
      { ...fine, Ready: 'False HolderNotReady' },
    ],
    ['is Held when that pod is ready', () => stage.play.runPod(api, 'n1'), { ...fine, Ready: 'True Held' }],
    [
      'is LeaseStale when the holder stops renewing, though no event says so',
      () => stage.play.hold(api, { holder: 'n1', durationSeconds: 1 }),
      { ...fine, Ready: 'False LeaseStale' },
    ],
    [
      'is HolderWithoutPod when the Lease names a node without a pod of ours',
      () => stage.play.hold(api, { holder: 'n9' }),
      { ...fine, Ready: 'False HolderWithoutPod' },
    ],
    [
      'is Held again when a node with a pod takes the Lease',
      async () => {
        await stage.play.runPod(api, 'n2');
        await stage.play.hold(api, { holder: 'n2' });
      },
      { ...fine, Ready: 'True Held' },
    ],
    [
      'is HolderWithoutPod when that pod is gone',
      () => stage.play.endPod(api, 'n2'),
      { ...fine, Ready: 'False HolderWithoutPod' },
    ],
    [
      'is NoHolder when the Lease is given back',
      () => stage.play.hold(api, { holder: '' }),
      { ...fine, Ready: 'False NoHolder' },
    ],
  ])('%s', async (_, act, wanted) => {
    await act();
    expect(await stage.conditions('edge', wanted)).toEqual(wanted);
  });
});

describe('what a person reads', () => {
  beforeAll(async () => {
    await stage.play.runHealthy(api, 'n1');
    await stage.play.runHealthy(services, 'n3');
    await stage.conditions('edge', { ...fine, Ready: 'True Held' });
  });

  it('is one line of kubectl get kvc', async () => {
    const [header, row] = (await stage.api.kubectl('get', 'kvc', 'edge')).trim().split('\n');
    expect(header?.trim().split(/\s+/).join(' ')).toBe(
      'NAME READY MODE ADDRESS HOLDER NODES VERSION MESSAGE AGE',
    );
    expect(row).toMatch(
      /^edge +True +ARP +203\.0\.113\.100 +n1 +2\/2 +v1\.1\.2 +203\.0\.113\.100 on n1, class kubevip\.dev\/edge on n3 +\d+s$/,
    );
  });

  it('has class, Services that wait and holding time in the wide form', async () => {
    await until('Services to be counted', async () => (await edge())?.status?.services?.waiting === 0);
    const [header, row] = (await stage.api.kubectl('get', 'kvc', 'edge', '-o', 'wide')).trim().split('\n');
    expect(header).toMatch(/CLASS\s+WAITING\s+HELD\s+AGE$/);
    expect(row).toMatch(/kubevip\.dev\/edge\s+0\s+\d+s\s+\d+s$/);
  });

  it('has versions, holders, nodes and the inventory in its status', async () => {
    expect((await edge())?.status).toMatchObject({
      version: { desired: 'v1.1.2', running: 'v1.1.2' },
      controlPlane: {
        addresses: ['203.0.113.100'],
        holder: 'n1',
        nodes: { desired: 1, updated: 1, ready: 1 },
      },
      services: { loadBalancerClass: 'kubevip.dev/edge', holder: 'n3' },
      inventory: [
        { kind: 'DaemonSet', name: api },
        { kind: 'DaemonSet', name: services },
      ],
    });
  });
});

const announceEvery = (seconds: number) => ({ arp: { announceIntervalSeconds: seconds } });
const arpRate = async (daemonSet: string) =>
  (await stage.container(daemonSet))?.env?.find(({ name }) => name === 'vip_arpRate')?.value;

describe('a change of the spec', () => {
  it('reaches the DaemonSets, and every condition says for which generation it speaks', async () => {
    await stage.change('edge', announceEvery(5));
    await until('vip_arpRate 5000', async () => (await arpRate(services)) === '5000');
    expect(await arpRate(api)).toBe('5000');
    const { metadata, status } = await until('status for the new generation', async () => {
      const found = await edge();
      return found?.status?.observedGeneration === found?.metadata.generation ? found : undefined;
    });
    const generations = status?.conditions?.map(({ observedGeneration }) => observedGeneration);
    expect(metadata.generation).toBeGreaterThan(1);
    expect(new Set(generations)).toEqual(new Set([metadata.generation]));
    const wanted = { ...underWay('Applying'), Ready: 'True Held' };
    expect(await stage.conditions('edge', wanted)).toEqual(wanted);
  });

  it('waits while suspended, and so does the repair of drift', async () => {
    // The DaemonSet controller has made its pod anew.
    await stage.play.endPod(api, 'n1');
    await stage.play.runPod(api, 'n1');
    await stage.play.observe(api, { desired: 1, updated: 1, ready: 1 });
    await stage.change('edge', { suspend: true, ...announceEvery(7) });
    await until('Suspended', async () => conditionsOf(await edge())['Suspended'] === 'True Suspended');
    await stage.admin.expect({ method: 'DELETE', path: `${paths.daemonSets}/${services}` });
    const message = await until('status to miss it', async () => {
      const said = messageOf(await edge(), 'Programmed');
      return said?.includes(`DaemonSet ${services} is missing`) ? said : undefined;
    });
    expect(message).toMatch(
      /^DaemonSet edge-control-plane is not yet as the spec asks.*\(?spec\.template\.spec\.containers\[0\]\.env\[\d+\]\.value\)?.* They are left so while spec\.suspend is true\. Set spec\.suspend to false\.$/,
    );
    const { Programmed, Ready, Reconciling, Stalled } = conditionsOf(await edge());
    expect({ Programmed, Ready, Reconciling, Stalled }).toEqual({
      Programmed: 'False Suspended',
      Ready: 'False Suspended',
    });
    expect(await stage.daemonSet(services)).toBeUndefined();
    expect(await arpRate(api)).toBe('5000');
  });

  it('is made up for when it is resumed', async () => {
    await stage.change('edge', { suspend: false });
    await stage.untilRuns(services);
    expect(await arpRate(services)).toBe('7000');
    expect(await arpRate(api)).toBe('7000');
    await until('Suspended to go', async () => conditionsOf(await edge())['Suspended'] === undefined);
  });

  it('leaves what somebody changed while suspended, and names it', async () => {
    await stage.change('edge', { suspend: true });
    const patch = { spec: { updateStrategy: { type: 'RollingUpdate' } } };
    const written = JSON.stringify(patch);
    await stage.api.kubectl('-n', 'kube-vip-system', 'patch', 'ds', api, '--type=merge', '-p', written);
    await until('Drifted', async () => conditionsOf(await edge())['Drifted'] === 'True Drifted');
    const said = `DaemonSet ${api} has spec.updateStrategy.rollingUpdate, which was added by hand. It is left so while spec.suspend is true. Set spec.suspend to false.`;
    expect(messageOf(await edge(), 'Drifted')).toBe(said);
    // No DaemonSet controller is played here, which is said behind it.
    expect(messageOf(await edge(), 'Programmed')).toContain(said);
    await stage.change('edge', { suspend: false });
    await until('Drifted to go', async () => conditionsOf(await edge())['Drifted'] === undefined);
    expect((await stage.daemonSet(api))?.spec?.updateStrategy?.type).toBe('OnDelete');
  });

  it('that takes a function out prunes its DaemonSet, and only that', async () => {
    await stage.change('edge', { controlPlane: null });
    // When kube-vip has had time to let the address go: 10 + 2.2 x 2 seconds.
    await until(
      'its deletion in the foreground',
      async () => (await stage.daemonSet(api))?.metadata?.finalizers?.includes('foregroundDeletion'),
      25_000,
    );
    expect(await stage.play.collectGarbage()).toEqual([api]);
    await until('an inventory of the other one alone', async () => {
      expect((await edge())?.status?.inventory?.map(({ name }) => name)).toEqual([services]);
      return true;
    });
    expect((await edge())?.status?.controlPlane).toBeUndefined();
    await stage.untilRuns(services);
  });
});
