// That the nodes are asked whose a MAC is that none of them has told, and once.
import { expect, it } from '@jest/globals';
import { planProbes } from '../../src/plan/node-probes.ts';
import { daemonSet, now, nowText, snapshot } from '../builders.ts';
import { node } from '../cluster-builders.ts';
import { askedConfig, image, remembered } from '../node-world.ts';
import { observed, reportOf } from '../pass.ts';
import { heardBy, macBook, outsider } from '../witness-world.ts';

const config = askedConfig();

it.each([
  ['are asked when a MAC answers that none has told', heardBy('n1', outsider), true],
  ['are not asked when all that answer are known', heardBy('n1'), false],
  [
    'are not asked again when they have denied it',
    { ...heardBy('n1', outsider), macs: macBook({ asked: { [outsider]: now - 5000 } }) },
    false,
  ],
])('the nodes %s', (_, witness, isAsked) => {
  const world = snapshot({
    config,
    daemonSets: [daemonSet({ config })],
    nodes: ['n1', 'n2', 'n3'].map((name) => node({ name })),
    probeImage: image,
    probeRuns: [remembered({ finished: { at: now - 59_000, text: nowText } })],
    witness,
  });
  expect(planProbes(observed(world), reportOf(world).nodes).isAsking).toBe(isAsked);
});
