// That each hazard which is only watched is told in its situation, and by nothing else than the row that it names.
import { describe, expect, it } from '@jest/globals';
import { hazards } from '../../src/catalog/hazards.ts';
import type { Condition } from '../../src/api/types.ts';
import { nowText } from '../builders.ts';
import { whileDropped } from './drop-rows.ts';
import { everything, type Means, type Proof } from './proof.ts';
import { proofs } from './watched-cases.ts';
import { computeStatus } from '../pass.ts';

const fences = hazards.flatMap(({ id, fences: rows }) =>
  rows.flatMap((fence) => (fence.kind === 'watched' ? [`${id} ${fence.reason}`] : [])),
);

function conditionsOf({ world }: Proof, { dropped, plan }: Means): readonly Condition[] {
  const input = { snapshot: world, plan: plan(world), acted: { kind: 'done' }, now: nowText } as const;
  return whileDropped(dropped, () => computeStatus(input).conditions ?? []);
}

const reasonOf = ({ fence }: Proof): string => fence.split(' ')[1] ?? '';
const rows = proofs.map((proof) => [proof.fence, proof] as const);

it('is proven for every watched fence, and for no other', () => {
  expect(proofs.map(({ fence }) => fence).sort()).toEqual([...fences].sort());
});

describe('the situation is told', () => {
  it.each(rows)('%s', (_, proof) => {
    const told = conditionsOf(proof, everything).find(({ type }) => type === proof.told);
    expect([told?.type, told?.reason]).toEqual([proof.told, reasonOf(proof)]);
  });
});

describe('without its row nobody tells it', () => {
  it.each(rows)('%s', (_, proof) => {
    const conditions = conditionsOf(proof, proof.without);
    expect(conditions.filter(({ reason }) => reason === reasonOf(proof))).toEqual([]);
    // Ready, Programmed and Accepted are then true; a condition that is there only while true is absent.
    const left = conditions.find(({ type }) => type === proof.told);
    expect(['Ready', 'Programmed', 'Accepted'].includes(proof.told) ? left?.status : left).toBe(
      ['Ready', 'Programmed', 'Accepted'].includes(proof.told) ? 'True' : undefined,
    );
  });
});
