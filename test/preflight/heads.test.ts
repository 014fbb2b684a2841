// That every finding has a head: one clause that stands alone in a column, with which its message begins.
import { expect, it } from '@jest/globals';
import { longestHead, longestNote, toNote } from '../../src/api/words.ts';
import { reportOf } from '../pass.ts';
import { acknowledgementCases } from './acknowledgement-cases.ts';
import { addressCases } from './addresses-cases.ts';
import { controlPlaneCases } from './control-plane-cases.ts';
import type { Cases } from './find.ts';
import { foreignKubeVipCases } from './foreign-kube-vip-cases.ts';
import { kubeProxyCases } from './kube-proxy-cases.ts';
import { neighbourCases } from './neighbours-cases.ts';
import { nodeAddressesOfServicesCases } from './node-addresses-of-services-cases.ts';
import { nodeCases } from './nodes/cases.ts';
import { placementCases } from './placement-cases.ts';
import { serviceCases } from './services-cases.ts';
import { unclearKubeVipCases } from './unclear-kube-vip-cases.ts';
import { unknownCases } from './unknown-cases.ts';
import { askedSnapshot } from '../node-world.ts';

const tables: readonly Cases[] = [
  acknowledgementCases,
  addressCases,
  controlPlaneCases,
  foreignKubeVipCases,
  kubeProxyCases,
  neighbourCases,
  nodeAddressesOfServicesCases,
  placementCases,
  serviceCases,
  unclearKubeVipCases,
  unknownCases,
];
const worlds = [
  ...tables.flatMap((table) => Object.values(table)).flatMap((rows) => rows.map(([, world]) => world)),
  ...nodeCases.map(([, situation]) => askedSnapshot(situation)),
];
const rows = worlds.flatMap((world) => reportOf(world).rows);

it.each([...new Map(rows.map((row) => [row.message, row])).entries()])('%s', (message, { head, ...rest }) => {
  expect([head.length <= longestHead, head.includes('…'), message.startsWith(head)]).toEqual([
    true,
    false,
    true,
  ]);
  expect(toNote({ head, ...rest }).length).toBeLessThanOrEqual(longestNote);
});
