// The fences never stand in the way of a cluster that is not well: no CRD, an API server that has just started.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startDaemon, stopDaemon } from '../../lab/process.ts';
import { ensureTools } from '../../lab/tools.ts';
import { specWith, written } from '../builders.ts';
import { paths } from '../cluster.ts';
import { until } from '../until.ts';
import { startFence, type Fence, type Write } from './fence.ts';
import { judges } from './judges.ts';
import { makes, someAddresses } from './services.ts';
import { create } from './workloads.ts';

jest.setTimeout(60_000);

const policy = 'service-addresses.kubevip.dev';
const services = '/api/v1/namespaces/default/services';
const web: Write = {
  method: 'POST',
  path: services,
  body: {
    metadata: { name: 'web', annotations: { 'kube-vip.io/loadbalancerIPs': '203.0.113.100' } },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
  },
};
const unsafe = create({ env: { cp_enable: 'true' } });

let fence: Fence;

beforeAll(async () => {
  fence = await startFence();
  await fence.must({ method: 'POST', path: paths.configs, body: written('edge', specWith()) });
  await fence.inForce(policy, web);
}, 90_000);

afterAll(() => fence?.stop());

interface Checked {
  readonly metadata: { readonly name: string; readonly generation: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly typeChecking?: { readonly expressionWarnings?: readonly unknown[] };
  };
}

it('every expression fits the types that it is written for', async () => {
  const { api, admin } = fence;
  const { 'kube-controller-manager': program = '' } = await ensureTools(['kubernetes']);
  const manager = startDaemon({
    name: 'kube-controller-manager',
    command: [
      program,
      `--kubeconfig=${api.kubeconfig}`,
      '--leader-elect=false',
      '--secure-port=0',
      '--controllers=validatingadmissionpolicy-status-controller',
    ],
    logFile: `${api.dir}/kube-controller-manager.log`,
    dieWithParent: true,
  });
  try {
    const path = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
    await until(
      'all policies to be checked',
      async () => {
        const { items } = await admin.expect<{ items: readonly Checked[] }>({ method: 'GET', path });
        const warnings = items.map(({ metadata, status }) => [
          metadata.name,
          status?.typeChecking?.expressionWarnings ?? [],
        ]);
        expect(
          items.every(({ metadata, status }) => status?.observedGeneration === metadata.generation),
        ).toBe(true);
        expect(warnings).toEqual(items.map(({ metadata }) => [metadata.name, []]));
        return items.length > 0;
      },
      30_000,
    );
  } finally {
    await stopDaemon(manager);
  }
});

describe('without the CRD, after the API server has started again', () => {
  beforeAll(async () => {
    await fence.must({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: 'apps' } } });
    await fence.must({ ...web, body: { metadata: { name: 'old' }, spec: { ports: [{ port: 80 }] } } });
    await fence.api.kubectl(
      'annotate',
      'crd',
      'kubevipconfigs.kubevip.dev',
      'kubevip.dev/allow-deletion=true',
    );
    await fence.api.kubectl('delete', 'crd', 'kubevipconfigs.kubevip.dev');
    await fence.api.stopApi();
    await fence.api.startApi();
    await fence.inForce('foreign-kube-vip.kubevip.dev', unsafe);
  });

  judges(
    () => fence,
    [
      ['a Service can be created', web, 'allowed'],
      [
        'a Service can be changed',
        {
          method: 'PATCH',
          path: `${services}/old`,
          body: { metadata: { labels: { team: 'blue' } } },
          type: 'merge',
        },
        'allowed',
      ],
      [
        'a Service can have a status',
        {
          method: 'PATCH',
          path: `${services}/old/status`,
          body: { status: { loadBalancer: { ingress: [] } } },
          type: 'merge',
        },
        'allowed',
      ],
      ['a namespace can be deleted', { method: 'DELETE', path: '/api/v1/namespaces/apps' }, 'allowed'],
      ['a Deployment can be created', create({ kind: 'Deployment', image: 'example.org/web' }), 'allowed'],
      ['a safe kube-vip can be created', create(), 'allowed'],
    ],
  );

  it('20,000 external IPs are refused all the same, and a grant by anybody', async () => {
    const many = {
      ...web,
      body: {
        metadata: { name: 'web' },
        spec: { ports: [{ port: 80 }], externalIPs: someAddresses(20_000) },
      },
    };
    expect(await fence.ask(many)).toContain('expected at most 16, found 20000');
    const claim = makes('web', { annotations: { 'kube-vip.io/loadbalancerIPs': '203.0.113.100' } });
    expect(await fence.ask(claim)).toContain('expected it as the operator wrote it');
  });

  it('an unsafe kube-vip is refused all the same', async () => {
    expect(await fence.ask(unsafe)).toContain('found both true in one process');
  });
});

describe('with the CRD again', () => {
  it('the fences come back by themselves', async () => {
    await fence.api.kubectl('apply', '-k', 'config/crd');
    await until(
      'a KubeVipConfig',
      async () =>
        (await fence.write({ method: 'POST', path: paths.configs, body: written('edge', specWith()) })) ===
        'allowed',
      15_000,
    );
    await fence.inForce(policy, web);
    expect(await fence.ask(web)).toContain('expected no control-plane address, found 203.0.113.100');
  });
});
