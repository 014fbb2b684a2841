// Every check of the live cluster in its situations, and that none is without: a fence that nothing breaks is not there.
import { describe, expect, it } from '@jest/globals';
import { checks } from '../../src/preflight/checks.ts';
import { nodeChecks } from '../../src/preflight/nodes/checks.ts';
import { askedSnapshot } from '../node-world.ts';
import { acknowledgementCases } from './acknowledgement-cases.ts';
import { addressCases } from './addresses-cases.ts';
import { controlPlaneCases } from './control-plane-cases.ts';
import { kubeProxyCases } from './kube-proxy-cases.ts';
import { messagesOf, rowsOf, type Cases } from './find.ts';
import { foreignKubeVipCases } from './foreign-kube-vip-cases.ts';
import { neighbourCases } from './neighbours-cases.ts';
import { nodeCases } from './nodes/cases.ts';
import { nodeAddressesOfServicesCases } from './node-addresses-of-services-cases.ts';
import { placementCases } from './placement-cases.ts';
import { poolCases } from './pool-addresses-cases.ts';
import { serviceCases } from './services-cases.ts';
import { unclearKubeVipCases } from './unclear-kube-vip-cases.ts';
import { unknownCases } from './unknown-cases.ts';
import { nodeFindings } from '../pass.ts';

const tables: readonly Cases[] = [
  addressCases,
  nodeAddressesOfServicesCases,
  serviceCases,
  poolCases,
  unclearKubeVipCases,
  unknownCases,
  foreignKubeVipCases,
  neighbourCases,
  kubeProxyCases,
  placementCases,
  controlPlaneCases,
  acknowledgementCases,
];
const cases = tables.flatMap((table) => Object.entries(table));

describe.each(cases)('%s', (id, rows) => {
  it.each(rows)('%s', (_, world, ...says) => {
    const found = messagesOf(id, world);
    expect(found).toHaveLength(says.length);
    says.forEach((text, index) => expect(found[index]?.slice(0, text.length)).toBe(text));
  });

  // No name in these situations is long: a head that is cut or is of the check alone would be a clause too long.
  it.each(rows)('%s: in a head that names the object and what is wrong', (_, world) => {
    for (const { head, object, message } of rowsOf(id, world)) {
      expect(head.length).toBeLessThanOrEqual(100);
      expect(head.startsWith(`${object}: `)).toBe(true);
      expect(head).not.toMatch(/does not pass check|…$/);
      expect(message.startsWith(`${head}. `)).toBe(true);
      expect(message).not.toMatch(/;|\b(some|no|any)body\b|\bthat one\b|\bbeside\b/);
    }
  });
});

// What the rows bring when they are run, not what they say of themselves. Situations of nodes are judged by all checks of
// nodes at once; a check for one setting lets pass only what has that setting.
const modeOf = (id: string): string => (id === 'required-nodes-answered' ? 'Required' : 'BestEffort');
const asked = nodeCases.map(([, situation]) => {
  const world = askedSnapshot(situation);
  const ids = nodeFindings(world).map(({ check }) => check);
  return { mode: world.config.spec.preflight?.nodeProbe, ids };
});
const outcomesOfNodes = (id: string): readonly boolean[] =>
  asked
    .filter(({ mode, ids }) => ids.includes(id) || (ids.length === 0 && mode === modeOf(id)))
    .map(({ ids }) => ids.includes(id));

/** Whether each row about a check finds something. */
const outcomesOf = (id: string): readonly boolean[] =>
  nodeChecks.some((row) => row.id === id)
    ? outcomesOfNodes(id)
    : cases.flatMap(([of, rows]) =>
        of === id ? rows.map(([, world]) => messagesOf(id, world).length > 0) : [],
      );

describe('the cases', () => {
  it.each(checks.map(({ id }) => id))('have one that %s lets pass, and one in which it finds', (id) => {
    const outcomes = outcomesOf(id);
    const judged = { check: id, passes: outcomes.includes(false), finds: outcomes.includes(true) };
    expect(judged).toEqual({ check: id, passes: true, finds: true });
  });

  it('are about checks that there are, each in one table', () => {
    const ids = cases.map(([id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !checks.some((row) => row.id === id))).toEqual([]);
  });
});
