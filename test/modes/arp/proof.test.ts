import { describe, expect, it } from '@jest/globals';
import type { DialState, Snapshot } from '../../../src/observed/snapshot.ts';
import { daemonSet, kubeVipConfig, lease } from '../../builders.ts';
import { abandoning, ended, heard, service, vip } from '../../plan/deleting.ts';
import { outline } from '../../pass.ts';

describe('the proof', () => {
  const targetsOf = (world: Partial<Snapshot>) => outline(ended(world)).ask?.targets;

  it('is asked for when all pods are gone, and the object stays until it is there', () => {
    expect(outline(ended())).toEqual({
      steps: [],
      desired: [],
      waitingFirst: 'a look at 203.0.113.100:6443',
      waitingFor: 'a look at 203.0.113.100:6443',
      ask: { stage: 'ended', targets: [vip] },
    });
  });

  it.each<readonly [string, Partial<DialState>, string | undefined]>([
    ['the network says that nobody has the address', {}, undefined],
    ['nobody answered for a minute', { answer: 'silent', quietMs: 60_000 }, undefined],
    [
      'a former owner may be remembered',
      { answer: 'silent', quietMs: 59_999 },
      'a minute of silence at 203.0.113.100:6443',
    ],
    ['nobody could be asked for a minute', { answer: 'blind', quietMs: 60_000 }, undefined],
    [
      'it could not be asked from here, for less than a minute',
      { answer: 'blind', quietMs: 59_999 },
      'a look at 203.0.113.100:6443 (cannot judge: the operator has no way to it from its node)',
    ],
    [
      'no other machine answers, so silence tells nothing',
      { answer: 'unreferenced', quietMs: undefined },
      'a look at 203.0.113.100:6443 (cannot judge: no other machine of its network answers the operator)',
    ],
  ])('rests on what the network says, else on silence: %s', (_, overrides, expected) => {
    expect(outline(ended({ heard: [heard({ stage: 'ended', ...overrides })] })).waitingFor).toBe(expected);
  });

  it('is there when nobody has the address', () => {
    expect(outline(ended({ heard: [heard({ stage: 'ended' })] })).steps).toEqual([
      { kind: 'delete-lease', name: 'edge-control-plane' },
      { kind: 'remove-finalizer', unseen: [] },
    ]);
  });

  it('is not there while somebody answers, and says the way out', () => {
    const plan = outline(
      ended({ heard: [heard({ stage: 'ended', answer: 'answers', quietMs: undefined })] }),
    );
    expect(plan).toMatchObject({
      steps: [],
      waitingFor: '203.0.113.100:6443 to go (it still answers)',
      todo: 'take it off the node that has it (docs/deletion.md). When it was never ours, run kubectl annotate --overwrite kubevipconfig edge kubevip.dev/abandon=203.0.113.100',
    });
  });

  it('is not there while the network cannot be asked, and says the way out', () => {
    const row = heard({ stage: 'ended', answer: 'unreferenced', quietMs: undefined });
    expect(outline(ended({ heard: [row] }))).toMatchObject({
      steps: [],
      todo: 'let a node or gateway of that network answer the operator at port 10250 (docs/deletion.md). When you have seen that no machine has 203.0.113.100, run kubectl annotate --overwrite kubevipconfig edge kubevip.dev/abandon=203.0.113.100',
    });
    const givenUp = ended({ config: abandoning('203.0.113.100'), heard: [row] });
    expect(outline(givenUp).steps).toContainEqual({ kind: 'remove-finalizer', unseen: [] });
  });

  it('does without what cannot be seen from here, and says so', () => {
    const plan = outline(ended({ heard: [heard({ stage: 'ended', answer: 'blind', quietMs: 60_000 })] }));
    expect(plan.steps).toContainEqual({ kind: 'remove-finalizer', unseen: ['203.0.113.100'] });
  });

  it('is not asked for where no kube-vip ever led', () => {
    expect(outline(ended({ leases: [] })).steps).toEqual([{ kind: 'remove-finalizer', unseen: [] }]);
  });

  it('is not asked for of an address that another KubeVipConfig runs', () => {
    const other = kubeVipConfig({ name: 'other' });
    expect(targetsOf({ daemonSets: [daemonSet({ config: other })] })).toBeUndefined();
  });

  it('is asked for of every address of our Services, at a port that none of them has', () => {
    const leases = [lease({ name: 'edge-services' })];
    const world = {
      leases,
      services: [
        service('published'),
        service('asked', {
          metadata: { annotations: { 'kube-vip.io/loadbalancerIPs': '203.0.113.111, 2001:db8::1' } },
          status: {},
        }),
        service('in-spec', { spec: { loadBalancerIP: '203.0.113.112' }, status: {} }),
        service('other', {
          class: 'example.org/other',
          status: { loadBalancer: { ingress: [{ ip: '203.0.113.113' }] } },
        }),
      ],
    };
    const addresses = ['203.0.113.110', '203.0.113.111', '2001:db8::1', '203.0.113.112'];
    expect(targetsOf(world)).toEqual(addresses.map((address) => ({ address, port: 10_250 })));
    const kubelet = { leases, services: [service('kubelet', { port: 10_250 })] };
    expect(targetsOf(kubelet)).toEqual([{ address: '203.0.113.110', port: 6443 }]);
  });

  it('is asked for at a port that no Service has, whatever ports a tenant gives one', () => {
    const address = '203.0.113.111';
    const ports = [10_250, 6443, 65_535].map((port) => ({ port }));
    const services = [
      service('all', { spec: { ports }, status: { loadBalancer: { ingress: [{ ip: address }] } } }),
      service('other'),
    ];
    expect(targetsOf({ leases: [lease({ name: 'edge-services' })], services })).toEqual([
      { address, port: 65_534 },
      { address: '203.0.113.110', port: 10_250 },
    ]);
  });
});
