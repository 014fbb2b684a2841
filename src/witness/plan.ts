// Which witnesses there shall be, and what they are asked: one function of what is known, and of what was known at the last look.
import type { V1DaemonSet, V1Node } from '@kubernetes/client-node';
import { poolsOf } from '../api/defaults.ts';
import type { LeaseView } from '../observed/snapshot.ts';
import { renderWitness } from '../render/witness-daemon-set.ts';
import type { ProbeImage } from '../render/probe-daemon-set.ts';
import { hindranceOf, mostOutside, type SegmentCoverage, type WitnessCoverage } from './coverage.ts';
import { claimedOf, formerNow, type Former } from './former.ts';
import { subnetsOf, type SubnetKnowledge, type SubnetMemory } from './known-subnets.ts';
import { placeWitnesses, settledMs, type Holding } from './placement.ts';
import {
  addressesToAsk,
  hasWitness,
  questionsFor,
  type AddressFacts,
  type AskedAddress,
} from './questions.ts';
import { nodesToAsk, segmentsOf, type Segment } from './segments.ts';
import { SubnetIndex } from './subnet-index.ts';

/** All that a look at the cluster knows. */
export interface WitnessFacts extends AddressFacts {
  readonly nodes: readonly V1Node[];
  readonly leases: readonly Pick<LeaseView, 'name' | 'holder' | 'acquiredAt'>[];
  /** What the witnesses run; undefined: not known. */
  readonly image: ProbeImage | undefined;
  readonly namespace: string;
  /** Where the witnesses of a segment are now. */
  readonly chosen: (segment: string) => readonly string[];
  /** For how long no witness has had an answer for an address of a segment, in milliseconds; undefined: not known. */
  readonly quietFor: (segment: string, address: string) => number | undefined;
  /** Milliseconds since the epoch, as the times of the Leases. */
  readonly wallNow: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: number;
}

/** What one look leaves for the next. */
export interface WitnessMemory {
  readonly subnets: SubnetMemory;
  /** Addresses that something had, and that were asked for. */
  readonly asked: ReadonlySet<string>;
  readonly former: Former;
  /** When a witness of a segment last left a holder. */
  readonly movedAt: ReadonlyMap<string, number>;
  /** Where the witnesses of each segment shall be: that is carried out one write after the other. */
  readonly placed: ReadonlyMap<string, readonly string[]>;
}

/** What nothing was known before. */
export const nothingRemembered: WitnessMemory = {
  subnets: new Map(),
  asked: new Set(),
  former: new Map(),
  movedAt: new Map(),
  placed: new Map(),
};

/** The witnesses of one segment. */
export interface PlannedSegment {
  readonly segment: string;
  readonly nodes: readonly string[];
  /** The text of the ConfigMap. */
  readonly questions: string;
  readonly daemonSet: V1DaemonSet;
}

/** The witnesses of the cluster. */
export interface WitnessPlan {
  readonly segments: readonly PlannedSegment[];
  /** Not everything is known yet: what there is besides stays. */
  readonly isOpen: boolean;
  readonly coverage: WitnessCoverage;
  readonly memory: WitnessMemory;
  /** Milliseconds until the next look where no event comes before; undefined: nothing depends on time. */
  readonly afterMs: number | undefined;
}

// Former addresses end with silence, of which no event tells.
const formerLookMs = 10_000;

type Rows = ReadonlyMap<
  string,
  { readonly asked: readonly AskedAddress[]; readonly former: readonly string[] }
>;

interface Look {
  readonly facts: WitnessFacts;
  readonly before: WitnessMemory;
  readonly image: ProbeImage;
  readonly former: Former;
}

/** Segments in which a pool begins or ends: there is a witness before the first Service. */
function pooled({ configs }: WitnessFacts, index: SubnetIndex<Segment>): ReadonlySet<string> {
  const ends = configs
    .filter(hasWitness)
    .flatMap(poolsOf)
    .flatMap(({ addresses }) => addresses)
    .flatMap((text) => text.replace(/\/.*$/, '').split('-'));
  return new Set(ends.flatMap((address) => index.findText(address.trim())?.id ?? []));
}

function rowsOf(index: SubnetIndex<Segment>, asked: readonly AskedAddress[], former: Former): Rows {
  const bySegment = Map.groupBy(asked, ({ address }) => index.findText(address)?.id ?? '');
  const formerBySegment = Map.groupBy(former.keys(), (address) => index.findText(address)?.id ?? '');
  const ids = new Set([...bySegment.keys(), ...formerBySegment.keys()]);
  return new Map(
    [...ids].map(
      (id) => [id, { asked: bySegment.get(id) ?? [], former: formerBySegment.get(id) ?? [] }] as const,
    ),
  );
}

function holdingsOf(asked: readonly AskedAddress[], { leases, wallNow }: WitnessFacts): readonly Holding[] {
  const here = new Set(asked.map(({ lease }) => lease));
  return leases
    .filter(({ name, holder }) => here.has(name) && holder !== '')
    .map(({ holder, acquiredAt }) => ({ node: holder, heldMs: Math.max(0, wallNow - acquiredAt) }));
}

interface Judged {
  readonly coverage: SegmentCoverage;
  readonly planned: PlannedSegment | undefined;
  readonly movedAt: number | undefined;
  readonly waitMs: number | undefined;
}

function judge(
  segment: Segment,
  { asked, former }: NonNullable<ReturnType<Rows['get']>>,
  look: Look,
): Judged {
  const { facts, before, image } = look;
  const movedAt = before.movedAt.get(segment.id);
  const { nodes, because, hasMoved, waitMs } = placeWitnesses({
    segment,
    chosen: before.placed.get(segment.id) ?? facts.chosen(segment.id),
    holdings: holdingsOf(asked, facts),
    sinceMoveMs: movedAt === undefined ? settledMs : facts.now - movedAt,
  });
  const { questions, omitted } = questionsFor(segment.subnets, asked, former, nodesToAsk(segment));
  const { id, subnets } = segment;
  return {
    coverage: { segment: id, subnets, nodes, because, omitted },
    planned:
      nodes.length === 0
        ? undefined
        : {
            segment: id,
            nodes,
            questions: JSON.stringify(questions),
            daemonSet: renderWitness({ segment: id, nodes, namespace: facts.namespace, image }),
          },
    movedAt: hasMoved ? facts.now : movedAt,
    waitMs,
  };
}

const noRow = { asked: [], former: [] } as const;

function formerOf(
  facts: WitnessFacts,
  before: WitnessMemory,
  asked: ReadonlySet<string>,
  index: SubnetIndex<Segment>,
): Former {
  return formerNow({
    before: before.former,
    askedBefore: before.asked,
    asked,
    claimedOf: (candidates) => claimedOf(candidates, facts),
    quietFor: (address) => facts.quietFor(index.findText(address)?.id ?? '', address),
    now: facts.now,
  });
}

/** What is remembered where nothing is planned: what was asked for, as long as that may be planned again. */
function memoryWithout(before: WitnessMemory, known: SubnetKnowledge, isOpen: boolean): WitnessMemory {
  return { ...(isOpen ? before : nothingRemembered), subnets: known.memory };
}

/** Which witnesses there shall be. */
export function planWitnesses(facts: WitnessFacts, before: WitnessMemory): WitnessPlan {
  const known = subnetsOf(facts.configs, before.subnets);
  const because = hindranceOf(facts, known);
  const { image } = facts;
  if (because === undefined && image !== undefined) {
    return planSegments({ ...facts, image }, before, known);
  }
  const isUnwanted = !facts.configs.some(hasWitness);
  const isOpen = !isUnwanted && (known.isOpen || image === undefined);
  return {
    segments: [],
    isOpen,
    coverage: { segments: [], because: because ?? '', outside: [], isUnwanted },
    memory: memoryWithout(before, known, isOpen),
    afterMs: undefined,
  };
}

type Known = WitnessFacts & { readonly image: ProbeImage };

function planSegments(facts: Known, before: WitnessMemory, known: SubnetKnowledge): WitnessPlan {
  const segments = segmentsOf(known.rows, facts.nodes);
  const index = new SubnetIndex(
    segments.flatMap((row) => row.subnets.map((subnet) => [subnet, row] as const)),
  );
  const toAsk = addressesToAsk(facts);
  const asked = new Set(toAsk.map(({ address }) => address));
  const former = formerOf(facts, before, asked, index);
  const rows = rowsOf(index, toAsk, former);
  const withPools = pooled(facts, index);
  const look = { facts, before, image: facts.image, former };
  const judged = segments
    .filter(({ id }) => rows.has(id) || withPools.has(id))
    .map((segment) => judge(segment, rows.get(segment.id) ?? noRow, look));
  const waits = [...judged.flatMap(({ waitMs }) => waitMs ?? []), ...(former.size > 0 ? [formerLookMs] : [])];
  return {
    segments: judged.flatMap(({ planned }) => planned ?? []),
    isOpen: known.isOpen,
    coverage: {
      segments: judged.map(({ coverage }) => coverage),
      because: '',
      outside: (rows.get('')?.asked ?? []).slice(0, mostOutside).map(({ address }) => address),
    },
    memory: {
      subnets: known.memory,
      asked,
      former,
      placed: new Map(
        judged.flatMap(({ planned }) => (planned ? [[planned.segment, planned.nodes] as const] : [])),
      ),
      movedAt: new Map(
        judged.flatMap(({ coverage, movedAt }) =>
          movedAt === undefined ? [] : [[coverage.segment, movedAt] as const],
        ),
      ),
    },
    afterMs: waits.length === 0 ? undefined : Math.min(...waits),
  };
}
