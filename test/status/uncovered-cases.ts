// What status says where no witness can run.
import type { Coverage, WitnessView } from '../../src/observed/witness/witnessed.ts';
import { kubeVipConfig, snapshot } from '../builders.ts';
import { witnessView } from '../witness-world.ts';
import type { Row } from './preflight-cases.ts';
import { heardWorld, nodes } from './witness-cases.ts';

const one = 'expected two nodes with an address in 203.0.113.0/24, found n1';
const covered = (because: string, overrides: Partial<Coverage> = {}): WitnessView => ({
  ...witnessView([]),
  coverage: { because: '', segments: [{ subnets: ['203.0.113.0/24'], because }], ...overrides },
});

export const uncoveredRows: readonly Row[] = [
  [
    'says that a segment has no second node',
    heardWorld(covered(one)),
    'Ready',
    `True Held: 203.0.113.100 on n1. No witness can tell who answers for 203.0.113.100: ${one}.`,
  ],
  [
    'says that no segment is known',
    heardWorld(covered('', { because: 'expected the subnets of the nodes, found none', segments: [] })),
    'Ready',
    'True Held: 203.0.113.100 on n1. No witness can tell who answers for 203.0.113.100: expected the subnets of the nodes, found none.',
  ],
  [
    'says that an address is in no subnet of the nodes',
    heardWorld(covered('', { segments: [{ subnets: ['198.51.100.0/24'], because: '' }] })),
    'Ready',
    'True Held: 203.0.113.100 on n1. No witness can tell who answers for 203.0.113.100: expected a subnet of the nodes that has it, found none.',
  ],
  [
    'says nothing of that where there are witnesses',
    heardWorld(covered('')),
    'Ready',
    'True Held: 203.0.113.100 on n1.',
  ],
  [
    'says nothing of a reason that was found while no config wanted a witness',
    heardWorld(
      covered('', { because: 'expected a KubeVipConfig, found none', segments: [], isUnwanted: true }),
    ),
    'Ready',
    'True Held: 203.0.113.100 on n1.',
  ],
  [
    'says the same of Services, by the ranges of their pools',
    snapshot({
      config: kubeVipConfig({
        spec: {
          controlPlane: undefined,
          services: {
            pools: [
              {
                name: 'a',
                addresses: ['203.0.113.64/27', '203.0.113.100-203.0.113.110', '203.0.113.120/32'],
              },
              { name: 'b', addresses: ['203.0.113.130/32'] },
            ],
          },
        },
      }),
      nodes,
      witness: covered(one),
    }),
    'Ready',
    `True Held: class kubevip.dev/edge on n1. No witness can tell who answers for 203.0.113.64, 203.0.113.100, 203.0.113.120 and 1 more: ${one}.`,
  ],
];
