// What must hold between a plan, what was applied, and what others did to it.
import { describe, expect, it } from '@jest/globals';
import type { V1DaemonSet } from '@kubernetes/client-node';
import fc from 'fast-check';
import { compare } from '../../src/plan/drift.ts';
import { renderAll } from '../../src/plan/rendering.ts';
import { sameQuantity } from '../../src/api/quantity.ts';
import { activeConfigs } from '../api/arbitraries.ts';
import { applied, freshSnapshot, rendering, snapshot } from '../builders.ts';
import { managedBy, mutations, restartedAt, set } from './field-owners.ts';
import { outline } from '../pass.ts';
import { observed } from '../pass.ts';

const running = activeConfigs.map((config) => snapshot({ config }));

describe('makePlan', () => {
  it('is the same twice', () => {
    fc.assert(
      fc.property(activeConfigs, (config) => {
        expect(outline(freshSnapshot({ config }))).toEqual(outline(freshSnapshot({ config })));
      }),
    );
  });

  it('applies every DaemonSet that is missing, and no more', () => {
    fc.assert(
      fc.property(activeConfigs, (config) => {
        const { steps, desired } = outline(freshSnapshot({ config }));
        expect(steps).toEqual(desired.map((object) => ({ kind: 'apply', object, why: 'missing' })));
      }),
    );
  });

  it('has nothing to do about what was just applied', () => {
    fc.assert(
      fc.property(running, (world) => {
        expect(outline(world).steps).toEqual([]);
      }),
    );
  });

  it('undoes any change of one value of the spec by applying what was rendered before', () => {
    fc.assert(
      fc.property(running, fc.nat(), (world, pick) => {
        const desired = renderAll(observed(world));
        const [first = {}, ...others] = world.daemonSets;
        const changes = mutations(first.spec).filter(({ value }) => typeof value !== 'undefined');
        const { path, value } = changes[pick % changes.length] ?? { path: [], value: undefined };
        const edited = set(first, ['spec', ...path], value);
        const { steps } = outline({ ...world, daemonSets: [edited, ...others] });
        expect(steps).toEqual([
          expect.objectContaining({ kind: 'apply', object: desired[0], why: 'drifted' }),
        ]);
      }),
    );
  });
});

describe('compare', () => {
  const desiredAndLive = activeConfigs.map((config) => {
    const [desired = {}] = rendering(config);
    return { desired, live: applied(desired) };
  });

  it('sees every change, removal or addition of a value in the spec', () => {
    const everyField = { numRuns: 25 };
    fc.assert(
      fc.property(desiredAndLive, ({ desired, live }) => {
        for (const { path, value } of mutations(live.spec)) {
          const difference = compare(desired, set(live, ['spec', ...path], value));
          expect([path, difference?.kind]).toEqual([path, 'drifted']);
        }
      }),
      everyField,
    );
  });

  it('sees a field that another manager added, at any depth', () => {
    fc.assert(
      fc.property(
        desiredAndLive,
        fc.nat(),
        fc.constantFrom('kubectl-edit', 'argocd'),
        (pair, pick, manager) => {
          const live = withAddition(pair.live, pick, manager);
          expect(compare(pair.desired, live)).toMatchObject({ kind: 'drifted', added: true });
        },
      ),
    );
  });

  it('sees no difference when another manager merely owns what we set', () => {
    fc.assert(
      fc.property(desiredAndLive, ({ desired, live }) => {
        const managedFields = [managedBy('argocd', live.spec)];
        expect(compare(desired, { ...live, metadata: { ...live.metadata, managedFields } })).toBeUndefined();
      }),
    );
  });

  it('tolerates kubectl rollout restart', () => {
    fc.assert(
      fc.property(desiredAndLive, ({ desired, live }) => {
        expect(compare(desired, restartedAt(live, '2026-11-24T12:00:00Z'))).toBeUndefined();
      }),
    );
  });
});

/** A field that we never render, put into one of the objects of the spec by somebody else. */
function withAddition(live: V1DaemonSet, pick: number, manager: string): V1DaemonSet {
  const places = objectsIn(live.spec);
  const place = places[pick % places.length] ?? [];
  const edited = set(live, ['spec', ...place, 'added'], 'by hand');
  return {
    ...edited,
    metadata: { ...edited.metadata, managedFields: [managedBy(manager, edited.spec)] },
  };
}

function objectsIn(value: unknown, at: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const below = Object.entries(value).flatMap(([name, field]) => objectsIn(field, [...at, name]));
  return Array.isArray(value) ? below : [at, ...below];
}

describe('sameQuantity', () => {
  const amount = fc.integer({ min: 0, max: 1_000_000 });

  it('knows an amount in every notation', () => {
    fc.assert(
      fc.property(amount, (n) => {
        const notations = [
          n,
          `${n}`,
          `${n}000m`,
          `${n}000000u`,
          `${n}e0`,
          `${n}.0`,
          `+${n}`,
          `${n * 1000}e-3`,
        ];
        expect(notations.filter((text) => !sameQuantity(text, String(n)))).toEqual([]);
      }),
    );
  });

  it('knows a decimal fraction in thousandths, as the API server stores it', () => {
    fc.assert(
      fc.property(amount, (n) => {
        const decimal = `${Math.floor(n / 1000)}.${String(n % 1000).padStart(3, '0')}`;
        expect([decimal, sameQuantity(decimal, `${n}m`)]).toEqual([decimal, true]);
      }),
    );
  });

  it('knows two amounts apart', () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        expect(sameQuantity(`${a}Mi`, `${b}Mi`)).toBe(a === b);
      }),
    );
  });
});
