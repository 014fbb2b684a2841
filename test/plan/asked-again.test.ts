// That the nodes are asked whose a MAC is that none of them has told, and once.
import { expect, it } from '@jest/globals';
import { planProbes } from '../../src/plan/node-probes.ts';
import { daemonSet, now, nowText, snapshot } from '../builders.ts';
import { node } from '../cluster-builders.ts';
import { askedConfig, image, remembered } from '../node-world.ts';
import { observed, reportOf } from '../pass.ts';
import type { WitnessView } from '../../src/observed/witness/witnessed.ts';
import { orphanView } from '../status/witness-cases.ts';
import { heardBy, macBook, macOf, outsider } from '../witness-world.ts';

const config = askedConfig();

const ofN3 = macOf('n3');
// An operator that has just begun to lead remembers no MAC.
const { [ofN3]: _, ...forgotten } = macBook().nodes;
const left = (over: Parameters<typeof macBook>[0], nodes = forgotten): WitnessView =>
  orphanView({ macs: { ...macBook(over), nodes } });

it.each([
  ['are asked when a MAC answers that none has told', heardBy('n1', outsider), true],
  ['are not asked when all that answer are known', heardBy('n1'), false],
  ['are asked whose an address is that nothing claims', left({}), true],
  ['are not asked about an address that a node has which is known', left({}, macBook().nodes), false],
  ['are asked again about it after five minutes', left({ asked: { [ofN3]: now - 300_000 } }), true],
  ['are not asked again about it before', left({ asked: { [ofN3]: now - 299_000 } }), false],
  [
    'are not asked again when they have denied it',
    { ...heardBy('n1', outsider), macs: macBook({ asked: { [outsider]: now - 5000 } }) },
    false,
  ],
])('the nodes %s', (_sentence, witness, isAsked) => {
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
