// Witnesses on a real API server: which objects there are, what they ask, and that they go. The kubelets and the witnesses are played.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { V1Role } from '@kubernetes/client-node';
import { witnessMacsName } from '../../src/api/metadata.ts';
import { asked as asksFor, granted } from './asking.ts';
import { operatorRequests } from './audit.ts';
import { specWith } from './builders.ts';
import { namespace, paths } from './cluster.ts';
import { answerProbe, makeNodes, probeArgs } from './played-probe.ts';
import { leaseOf, segment, Witnesses } from './played-witness.ts';
import { startStage, type Stage } from './stage.ts';
import { settled, until } from './until.ts';

jest.setTimeout(60_000);

const daemonSet = `kube-vip-witness-${segment}`;
const pools = [{ name: 'main', addresses: ['203.0.113.110-203.0.113.119'] }];
const spec = specWith({ services: { pools }, preflight: { nodeProbe: 'BestEffort' } });
const web = '/api/v1/namespaces/default/services/web';

let stage: Stage;
let witnesses: Witnesses;

beforeAll(async () => {
  stage = await startStage({ args: probeArgs });
  witnesses = new Witnesses(stage);
  await makeNodes(stage, { masters: 1, workers: 3 });
}, 60_000);

afterAll(() => stage?.stop());

const nodes = (wanted: readonly string[]) => settled(() => witnesses.nodes(), wanted, 10_000);
const orphans = (wanted: readonly string[], ms = 10_000) =>
  settled(() => witnesses.group('orphans'), wanted, ms);
const writes = () =>
  operatorRequests(stage.api).filter(
    ({ verb, objectRef }) =>
      ['create', 'patch', 'delete'].includes(verb) && objectRef?.name?.startsWith('kube-vip-witness'),
  );

async function runOnce(name: string): Promise<void> {
  await answerProbe(stage, name, 'control-plane');
  await answerProbe(stage, name, 'services');
}

async function untilNone(): Promise<void> {
  await until(
    'every object of witnesses to be gone',
    async () => {
      await stage.play.collectGarbage();
      return (await witnesses.count()) === 0;
    },
    15_000,
  );
}

async function makeService(): Promise<void> {
  await stage.admin.expect({
    method: 'POST',
    path: '/api/v1/namespaces/default/services',
    body: {
      metadata: { name: 'web', annotations: { [asksFor]: '203.0.113.110' } },
      spec: { type: 'LoadBalancer', loadBalancerClass: 'kubevip.dev/edge', ports: [{ port: 80 }] },
    },
  });
  await until('the grant', async () => {
    const found = await stage.admin.get<{ metadata: { annotations: Record<string, string> } }>(web);
    return found?.metadata.annotations[granted] !== undefined;
  });
}

describe('witnesses', () => {
  it('are none before the probe has said where the nodes are, which the log says', async () => {
    await stage.create('edge', spec);
    await stage.untilRuns('edge-control-plane-probe');
    const line = await stage.operator.waitForLog(
      'no network to be known',
      ({ msg, because }) =>
        msg === 'witnesses planned' && String(because).includes('no probe of the nodes has run'),
    );
    expect(line['segments']).toEqual([]);
    expect(await witnesses.count()).toBe(0);
  });

  it('are two, on workers, with their questions', async () => {
    await runOnce('edge');
    await stage.untilRuns(daemonSet, 15_000);
    expect(await nodes(['n2', 'n3'])).toEqual(['n2', 'n3']);
    expect(await witnesses.questions()).toMatchObject({
      v: 1,
      subnets: ['203.0.113.0/24'],
      control: [{ address: '203.0.113.100' }],
      groups: [{ name: 'nodes', addresses: ['203.0.113.11', '203.0.113.12'] }],
    });
  });

  it('answer with the rights of their account', async () => {
    expect([await witnesses.answer('n2'), await witnesses.answer('n3')]).toEqual([200, 200]);
  });

  it('are asked for the address of a Service, and once it is gone for an orphan', async () => {
    await makeService();
    const groups = () => witnesses.group('kubevip.dev/edge');
    expect(await settled(groups, ['203.0.113.110'], 10_000)).toEqual(['203.0.113.110']);
    await stage.admin.expect({ method: 'DELETE', path: web });
    expect(await orphans(['203.0.113.110'])).toEqual(['203.0.113.110']);
  });

  it('are asked no longer when both have heard nothing for a minute', async () => {
    const at = Date.now();
    const odd = [{ address: '203.0.113.110', owners: [], silentSince: at - 60_000 }];
    const quiet = { at, groups: [{ name: 'orphans', count: 1, roundMs: 1000, owners: [], odd, more: 0 }] };
    await until(
      'the orphan to be forgotten',
      async () => {
        await witnesses.answer('n2', quiet);
        await witnesses.answer('n3', quiet);
        return (await witnesses.group('orphans')).length === 0;
      },
      25_000,
    );
    expect(await witnesses.group('orphans')).toEqual([]);
  });

  it('leave a node that goes, one write a second', async () => {
    const before = writes().length;
    await stage.admin.expect({ method: 'DELETE', path: '/api/v1/nodes/n3' });
    expect(await nodes(['n2', 'n4'])).toEqual(['n2', 'n4']);
    // What keeps the MACs of the nodes has a time of its own.
    const times = writes()
      .slice(before)
      .filter(({ objectRef }) => objectRef?.name !== witnessMacsName)
      .map(({ requestReceivedTimestamp }) => Date.parse(requestReceivedTimestamp));
    expect(times.length).toBeGreaterThanOrEqual(3);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(gaps.filter((gap) => gap < 900)).toEqual([]);
  });

  it('get a Lease anew that was deleted, and a DaemonSet that was edited back', async () => {
    await stage.admin.expect({ method: 'DELETE', path: leaseOf('n2') });
    expect(await nodes(['n2', 'n4'])).toEqual(['n2', 'n4']);
    const edit = { spec: { template: { spec: { serviceAccountName: 'default' } } } };
    await stage.admin.expect({
      method: 'PATCH',
      path: `${paths.daemonSets}/${daemonSet}`,
      body: edit,
      type: 'strategic',
    });
    const account = async () =>
      (await stage.daemonSet(daemonSet))?.spec?.template.spec?.serviceAccountName ?? '';
    expect(await settled(account, 'kube-vip-operator-witness', 10_000)).toBe('kube-vip-operator-witness');
  });

  it('are at rest while nothing changes', async () => {
    const before = writes().length;
    for (let turn = 0; turn < 3; turn += 1) {
      await witnesses.answer('n2');
      await witnesses.answer('n4');
      // Longer than between two looks.
      await sleep(1100);
    }
    expect(writes().length).toBe(before);
  });

  it('go where no KubeVipConfig wants them, and come back', async () => {
    await stage.change('edge', { witness: 'Off' });
    await untilNone();
    await stage.change('edge', { witness: 'On' });
    await stage.untilRuns(daemonSet, 15_000);
    expect(await nodes(['n2', 'n4'])).toEqual(['n2', 'n4']);
  });

  it('do not keep the operator from its work where it lacks the right', async () => {
    const role = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles/kube-vip-operator`;
    const { rules = [] } = await stage.admin.expect<V1Role>({ method: 'GET', path: role });
    const older = rules.filter(({ resources = [] }) => !resources.includes('configmaps'));
    const write = (now: typeof rules) =>
      stage.admin.expect({ method: 'PATCH', path: role, body: { rules: now }, type: 'merge' });
    await write(older);
    await stage.change('edge', { witness: 'Off' });
    await stage.operator.waitForLog(
      'a refusal',
      ({ msg, cause }) => msg === 'witnesses not kept, trying again' && String(cause).includes('403'),
      20_000,
    );
    const controlPlane = { addresses: ['203.0.113.101'], apiAccess: 'Service' };
    await stage.create('other', specWith({ controlPlane, witness: 'Off' }));
    await stage.untilRuns('other-control-plane', 15_000);
    expect(await witnesses.questions()).toMatchObject({ v: 1 });
    await write(rules);
    await untilNone();
  });

  it('go with the last KubeVipConfig', async () => {
    await stage.change('edge', { witness: 'On' });
    await stage.untilRuns(daemonSet, 15_000);
    await stage.remove('other');
    await stage.remove('edge');
    await until(
      'the KubeVipConfigs to be gone',
      async () => {
        await stage.play.collectGarbage();
        return (await stage.config('edge')) === undefined && (await stage.config('other')) === undefined;
      },
      30_000,
    );
    await untilNone();
    expect(await witnesses.nodes()).toEqual([]);
  });
});
