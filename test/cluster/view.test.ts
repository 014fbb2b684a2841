import { describe, expect, it } from '@jest/globals';
import { systemNamespace } from '../../src/api/metadata.ts';
import { admissionPolicies } from '../../src/catalog/admission-policies.ts';
import { leaseView } from '../../src/cluster/lease-view.ts';
import { makeStores, makeView } from '../../src/cluster/view.ts';
import { daemonSet, kubeVipConfig, pod } from '../builders.ts';

const metadata = { name: 'edge-services', resourceVersion: '7' };
const seen = { renewedAt: 123_000, acquiredAt: 122_000 };

describe('leaseView', () => {
  it.each([
    [
      'reads what kube-vip wrote',
      {
        holderIdentity: 'n1',
        leaseDurationSeconds: 30,
        acquireTime: '2026-11-24T11:00:00.000000Z',
        renewTime: '2026-11-24T12:00:00.500000Z',
      },
      {
        holder: 'n1',
        durationSeconds: 30,
        acquireTime: '2026-11-24T11:00:00.000000Z',
        renewTime: '2026-11-24T12:00:00.500000Z',
        ...seen,
      },
    ],
    [
      'reads a Lease that was given back',
      { holderIdentity: '', leaseDurationSeconds: 1 },
      { holder: '', durationSeconds: 1 },
    ],
    [
      'knows a Lease that the operator took, and from whom',
      { holderIdentity: 'kube-vip-operator:n1', leaseDurationSeconds: 3600 },
      { holder: '', parkedFrom: 'n1', durationSeconds: 3600 },
    ],
    ['takes a Lease without spec for one that nobody ever held', undefined, {}],
  ])('%s', (_, spec, expected) => {
    expect(leaseView({ metadata, ...(spec && { spec }) }, seen)).toEqual({
      name: 'edge-services',
      resourceVersion: '7',
      holder: '',
      parkedFrom: undefined,
      neverHeld: false,
      leaving: [],
      durationSeconds: 15,
      renewTime: '',
      renewedAt: 0,
      acquireTime: undefined,
      acquiredAt: 0,
      ...expected,
    });
  });
});

it.each([
  ['that the operator made', 'kube-vip-operator:', 'none', true],
  ['that it took from nobody', 'kube-vip-operator:', '203.0.113.100:6443', false],
  ['that a kube-vip has by now', 'n1', 'none', false],
])('of a Lease %s, tells whether one was ever held', (_, holderIdentity, note, expected) => {
  const annotations = { 'kubevip.dev/leaving': note };
  const view = leaseView({ metadata: { ...metadata, annotations }, spec: { holderIdentity } }, seen);
  expect([view.neverHeld, view.leaving]).toEqual([expected, expected ? [] : view.leaving]);
});

it('reads from a Lease that the operator took what has to leave, and from no other', () => {
  const annotations = { 'kubevip.dev/leaving': '203.0.113.100:6443,[2001:db8::1]:7443,nonsense' };
  const of = (holderIdentity: string) =>
    leaseView({ metadata: { ...metadata, annotations }, spec: { holderIdentity } }, seen).leaving;
  expect(of('kube-vip-operator:n1')).toEqual([
    { address: '203.0.113.100', port: 6443 },
    { address: '2001:db8::1', port: 7443 },
  ]);
  expect(of('n1')).toEqual([]);
});

describe('makeView', () => {
  const stores = makeStores();
  const view = makeView(stores);
  const other = kubeVipConfig({ name: 'other' });
  stores.configs.put(kubeVipConfig());
  stores.configs.put(other);
  stores.daemonSets.put(daemonSet());
  stores.pods.put(pod());
  stores.pods.put(pod({ config: 'other' }));
  stores.pods.put({ metadata: { name: 'unlabelled' } });
  stores.leases.put({ metadata });
  stores.openNamespaces.put({ metadata: { name: 'lab' } });
  stores.openNamespaces.put({});
  const [guard = ''] = admissionPolicies;
  stores.policies.put({ metadata: { name: guard } });
  stores.policyBindings.put({
    metadata: { name: guard },
    spec: { policyName: guard, validationActions: ['Deny'] },
  });

  it.each([
    ['finds a config by name', view.config('other'), other],
    ['finds none of a name that is not there', view.config('x'), undefined],
    ['lists configs', view.configs(), [kubeVipConfig(), other]],
    ['lists DaemonSets', view.daemonSets(), [daemonSet()]],
    ['lists the pods of one config', view.podsOf('edge'), [pod()]],
    ['lists Leases as decisions use them', view.leases(), [leaseView({ metadata }, seen)]],
    ['lists the policies that are missing', view.missingPolicies(), admissionPolicies.slice(1)],
    ['lists the namespaces that are opted out', view.openNamespaces(), ['lab', '']],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });

  it('counts the age of a Lease back from the present, whatever its node says', () => {
    const clock = { wall: 900_000, steady: 40_000 };
    const leases = makeStores({ wall: () => clock.wall, steady: () => clock.steady });
    leases.leases.heard();
    leases.leases.put({ metadata, spec: { renewTime: '2099-01-01T00:00:00.000000Z' } });
    for (let passed = 0; passed < 7; passed += 1) {
      clock.steady += 1000;
      leases.leases.heard();
    }
    clock.wall += 3_600_000;
    expect(makeView(leases, () => clock.wall).leases()).toMatchObject([{ renewedAt: clock.wall - 7000 }]);
  });

  it('gives a config its own Leases, and every one that the operator has taken until it is given back', () => {
    const held = makeStores();
    const put = (name: string, resourceVersion: string, holderIdentity: string): void =>
      held.leases.put({
        metadata: { name, namespace: systemNamespace, resourceVersion },
        spec: { holderIdentity },
      });
    const names = (): readonly string[] =>
      makeView(held)
        .leasesOf('edge')
        .map(({ name }) => name);
    put('edge-services', '1', 'n1');
    put('other-services', '2', 'n1');
    put('third-control-plane', '3', 'kube-vip-operator:n1');
    put('edge-control-plane', '4', 'kube-vip-operator:n2');
    expect(names()).toEqual(['edge-control-plane', 'edge-services', 'third-control-plane']);
    put('third-control-plane', '5', 'n1');
    put('edge-control-plane', '6', 'n2');
    put('third-control-plane', '3', 'kube-vip-operator:n1');
    expect(names()).toEqual(['edge-control-plane', 'edge-services']);
    put('third-control-plane', '7', 'kube-vip-operator:n1');
    held.leases.delete({
      metadata: { name: 'third-control-plane', namespace: systemNamespace, resourceVersion: '8' },
    });
    expect(names()).toEqual(['edge-control-plane', 'edge-services']);
  });

  it('says whether changes of Leases are seen', () => {
    const { leases } = stores;
    const seen = [() => leases.heard(), () => leases.lost(), () => leases.heard()].map((happens) => {
      happens();
      return view.seesLeases();
    });
    expect(seen).toEqual([true, false, true]);
  });

  it('has what a probe printed before its container has ended', () => {
    const asked = makeStores();
    const labels = { 'kubevip.dev/probe': 'edge' };
    asked.pods.put({ metadata: { name: 'a', uid: 'uid of a', labels } });
    asked.pods.put({ metadata: { name: 'b', uid: 'uid of b', labels } });
    asked.printed.set('uid of a', '{"run":"x"}');
    expect(
      makeView(asked)
        .probePodsOf('edge')
        .map(({ messages }) => messages),
    ).toEqual([['{"run":"x"}'], []]);
  });

  it('sees what the stores learn later', () => {
    stores.configs.put(kubeVipConfig({ name: 'late' }));
    expect(view.config('late')?.metadata.name).toBe('late');
  });
});
