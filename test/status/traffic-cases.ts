// What status says of what is heard at an address, and of who holds it.
import type { AddressState, ProbeRun } from '../../src/observed/snapshot.ts';
import { kubeVipConfig, lease, snapshot } from '../builders.ts';
import { node } from '../cluster-builders.ts';
import type { Row } from './preflight-cases.ts';

/** What is heard at 203.0.113.100. */
export const heard = (state: AddressState['state'], detail = ''): readonly AddressState[] => [
  { address: '203.0.113.100', port: 6443, state, detail },
];

const config = kubeVipConfig({ spec: { services: undefined } });
const old = kubeVipConfig({ spec: { version: 'v0.6.4', services: undefined } });
const asked: readonly ProbeRun[] = [
  {
    component: 'control-plane',
    request: 'x',
    started: { at: 0 },
    asked: 3,
    answered: 3,
    findings: [],
    hostNames: [
      { node: 'n1', hostName: 'host-a' },
      { node: 'n3', hostName: 'n2' },
    ],
  },
];
const byService = kubeVipConfig({
  spec: { services: undefined, controlPlane: { addresses: ['203.0.113.100'], apiAccess: 'Service' } },
});
const wasReady = {
  ...config,
  status: {
    controlPlane: { addresses: ['203.0.113.100'], holder: 'n1' },
    conditions: [
      {
        type: 'Ready',
        status: 'True' as const,
        reason: 'Held',
        message: 'x',
        lastTransitionTime: '2026-11-24T11:00:00Z',
      },
    ],
  },
};
const nodes = ['n1', 'n2', 'n3'].map((name) => node({ name }));
const silent = heard('silent', 'no answer within 1500 ms');
const dead = heard('dead', 'the connection is refused');

export const trafficRows: readonly Row[] = [
  [
    'is ready when the address answers from another node',
    snapshot({ config, reach: heard('alive'), operatorNode: 'n2' }),
    'Ready',
    'True Held: 203.0.113.100 on n1.',
  ],
  [
    'says that an answer from the same node proves nothing of the network',
    snapshot({ config, reach: heard('alive'), operatorNode: 'n1' }),
    'Ready',
    'True Held: 203.0.113.100 on n1. The operator asks from n1 itself, which is no proof of the network.',
  ],
  [
    'says when it cannot tell',
    snapshot({ config, reach: heard('blind', 'ENETUNREACH where the operator runs') }),
    'Ready',
    'True Held: 203.0.113.100 on n1. The operator cannot tell whether 203.0.113.100 answers: ENETUNREACH where the operator runs.',
  ],
  [
    'waits for the first answer',
    snapshot({ config, reach: heard('unknown') }),
    'Ready',
    'False AddressUnproven: 203.0.113.100: held by n1, waiting for the first answer. The operator asks at 203.0.113.100:6443.',
  ],
  [
    'stays ready until the address was asked, when the operator has just started',
    snapshot({ config: wasReady, reach: heard('unknown') }),
    'Ready',
    'True Held',
  ],
  [
    'waits for the first answer of a control plane that was put back, whatever was ready meanwhile',
    snapshot({
      config: { ...wasReady, status: { conditions: wasReady.status.conditions } },
      reach: heard('unknown'),
    }),
    'Ready',
    'False AddressUnproven: ',
  ],
  [
    'is not ready when nobody answers, and says where to look',
    snapshot({ config, reach: silent, operatorNode: 'n2' }),
    'Ready',
    'False AddressSilent: 203.0.113.100: no answer, though n1 holds the Lease. Expected an answer at 203.0.113.100:6443, found none (no answer within 1500 ms). n1 renews the Lease and its pod is ready. Either the address is not on it, or the network between the operator on n2 and it is broken. Look for the address on n1 (ip address show) and at the log of its kube-vip pod.',
  ],
  [
    'knows that the address is not there when it asks from the same node',
    snapshot({ config, reach: silent, operatorNode: 'n1' }),
    'Ready',
    'False AddressSilent: 203.0.113.100: no answer, though n1 holds the Lease. Expected an answer at 203.0.113.100:6443, found none (no answer within 1500 ms). n1 renews the Lease and its pod is ready. The operator runs there itself, so the address is not on it. Look for the address on n1 (ip address show) and at the log of its kube-vip pod.',
  ],
  [
    'is not ready when the API server behind the address is dead',
    snapshot({ config, reach: dead }),
    'Ready',
    'False ApiServerDead: 203.0.113.100: the API server on n1 is dead. Expected a live API server at 203.0.113.100:6443, found that the connection is refused. Look at the API server of n1. kube-vip there gives the address up within a lease duration once it cannot reach it.',
  ],
  [
    'says that the address leads to a dead API server where nothing moves it',
    snapshot({ config: byService, reach: dead }),
    'Ready',
    'False ApiServerDead: 203.0.113.100: the API server on n1 is dead. Expected a live API server at 203.0.113.100:6443, found that the connection is refused. Mend that API server, delete the pod of n1, or set spec.controlPlane.apiAccess: Local. With apiAccess: Service the address stays there and leads to a dead API server.',
  ],
  [
    'sees a Lease that a stranger took',
    snapshot({ config, nodes, leases: [lease({ holder: 'thief' })] }),
    'Ready',
    'False LeaseStolen: 203.0.113.100: Lease edge-control-plane is held by thief, which is no node. Expected a node of this cluster, found none of that name. Find who writes the Lease (kubectl -n kube-vip-system get lease edge-control-plane -o yaml --show-managed-fields) and stop that. kube-vip takes the Lease back when it runs out.',
  ],
  [
    'calls a Lease stolen also when the stranger does not renew it',
    snapshot({ config, nodes, leases: [lease({ holder: 'thief', ageSeconds: 100 })] }),
    'Ready',
    'False LeaseStolen',
  ],
  [
    'knows a node by what it calls itself, under which releases before v0.8.0 lead',
    snapshot({ config: old, nodes, leases: [lease({ holder: 'Host-A' })], probeRuns: asked }),
    'Ready',
    'True Held: 203.0.113.100 on n1.',
  ],
  [
    'takes the name of a node for that of the node',
    snapshot({ config: old, nodes, leases: [lease({ holder: 'n2' })], probeRuns: asked }),
    'Ready',
    'True Held: 203.0.113.100 on n2.',
  ],
  [
    'says where to ask the nodes for their host names, when nobody told the one that leads',
    snapshot({ config: old, nodes, leases: [lease({ holder: 'host-a' })] }),
    'Ready',
    'False LeaseStolen: 203.0.113.100: Lease edge-control-plane is held by host-a, which is no node. Expected a node of this cluster, found none of that name. kube-vip v0.6.4 leads under the host name, and no node told that it has this one. Set spec.preflight.nodeProbe to BestEffort where it is Off. Else find who writes the Lease',
  ],
  [
    'knows a node by its host name in full',
    snapshot({ config, nodes, leases: [lease({ holder: 'N1.example.org' })] }),
    'Ready',
    'True Held',
  ],
];
