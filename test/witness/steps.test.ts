import { describe, expect, it } from '@jest/globals';
import { contentMark } from '../../src/observed/daemon-set.ts';
import { renderWitness } from '../../src/render/witness-daemon-set.ts';
import type { WitnessPlan } from '../../src/witness/plan.ts';
import { nothingCovered } from '../../src/witness/coverage.ts';
import { nothingRemembered } from '../../src/witness/plan.ts';
import { objectOfStep, witnessSteps, type LiveWitnesses } from '../../src/witness/steps.ts';
import { image } from '../node-world.ts';

const [segment, old] = ['0123abcd', '89ef0123'];
const render = (nodes: readonly string[], of = segment) =>
  renderWitness({ segment: of, nodes, namespace: 'kube-vip-system', image });
const wanted = render(['n1', 'n2']);
const name = 'kube-vip-witness-0123abcd';
const segments = [{ segment, nodes: ['n1', 'n2'], questions: '{}', daemonSet: wanted }];
const wantedPlan: WitnessPlan = {
  segments,
  isOpen: false,
  coverage: nothingCovered,
  memory: nothingRemembered,
  afterMs: undefined,
};
const leases = ['n1', 'n2'].map((node) => ({ segment, node }));
const complete: LiveWitnesses = {
  questions: new Map([[segment, '{}']]),
  leases,
  daemonSets: new Map([[name, wanted]]),
  answered: () => undefined,
};
const ending = { ...wanted, metadata: { ...wanted.metadata, deletionTimestamp: new Date(0) } };
const oldOnes: LiveWitnesses = {
  questions: new Map([[old, '{}']]),
  leases: [{ segment: old, node: 'n1' }],
  daemonSets: new Map([['kube-vip-witness-89ef0123', render(['n1'], old)]]),
  answered: () => undefined,
};
const nothing: LiveWitnesses = { ...complete, questions: new Map(), leases: [], daemonSets: new Map() };

type Row = readonly [what: string, plan: Partial<WitnessPlan>, live: LiveWitnesses, steps: readonly string[]];

const rows: readonly Row[] = [
  [
    'makes everything, the DaemonSet last',
    {},
    nothing,
    [
      'write-questions ConfigMap of kube-vip-witness-0123abcd',
      'make-lease Lease of n1 in kube-vip-witness-0123abcd',
      'make-lease Lease of n2 in kube-vip-witness-0123abcd',
      'apply DaemonSet/kube-vip-witness-0123abcd',
    ],
  ],
  ['does nothing where all is there', {}, complete, []],
  [
    'writes other questions',
    {},
    { ...complete, questions: new Map([[segment, '{"v":1}']]) },
    ['write-questions ConfigMap of kube-vip-witness-0123abcd'],
  ],
  [
    'moves a witness: the new Lease first, the old one last',
    {},
    {
      ...complete,
      leases: [leases[0] ?? { segment, node: '' }, { segment, node: 'n3' }],
      daemonSets: new Map([[name, render(['n1', 'n3'])]]),
    },
    [
      'make-lease Lease of n2 in kube-vip-witness-0123abcd',
      'apply DaemonSet/kube-vip-witness-0123abcd',
      'delete-lease Lease of n3 in kube-vip-witness-0123abcd',
    ],
  ],
  [
    'puts back a DaemonSet that was edited since it was applied',
    {},
    { ...complete, answered: () => 'x' },
    ['apply DaemonSet/kube-vip-witness-0123abcd'],
  ],
  [
    'leaves one that is as the API server answered',
    {},
    { ...complete, answered: () => contentMark(wanted) },
    [],
  ],
  ['waits for one that is going', {}, { ...complete, daemonSets: new Map([[name, ending]]) }, []],
  [
    'deletes what is not wanted, the DaemonSet first',
    { segments: [] },
    oldOnes,
    [
      'delete DaemonSet/kube-vip-witness-89ef0123',
      'delete-lease Lease of n1 in kube-vip-witness-89ef0123',
      'delete-questions ConfigMap of kube-vip-witness-89ef0123',
    ],
  ],
  ['deletes nothing while not everything is known', { segments: [], isOpen: true }, oldOnes, []],
  ['deletes a DaemonSet once', { segments: [] }, { ...nothing, daemonSets: new Map([[name, ending]]) }, []],
];

describe('witnessSteps', () => {
  it.each(rows)('%s', (_, plan, live, steps) => {
    const found = witnessSteps({ ...wantedPlan, ...plan }, live);
    expect(found.map((step) => `${step.kind} ${objectOfStep(step)}`)).toEqual(steps);
  });
});
