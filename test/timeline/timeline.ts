// What the ownership sampler saw (`lab-agent sample`), as figures for a test to judge.

/** One change of who owns a VIP. Times are Unix milliseconds. */
export interface OwnershipChange {
  readonly t: number;
  readonly vip: string;
  readonly owners: readonly string[];
}

/** Everything that one sampler printed. */
export interface OwnershipRecord {
  readonly from: number;
  /** Time of the `end` line; without one, of the last change. */
  readonly to: number;
  readonly vips: readonly string[];
  readonly nodes: readonly string[];
  readonly changes: readonly OwnershipChange[];
  /** Absent while the sampler runs, or when it was killed: then the record proves nothing about the end. */
  readonly end?: { readonly rounds: number; readonly maxRoundMs: number; readonly maxGapMs: number };
}

/** A stretch of time in which the owners of one VIP stay the same. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly owners: readonly string[];
}

/** A change of the one owner, whatever lay between: nobody, both, or nothing. */
export interface Move {
  readonly t: number;
  readonly from: string;
  readonly to: string;
}

/** The figures of one VIP. */
export interface VipReport {
  readonly vip: string;
  /** Longest time with two or more owners. */
  readonly maxSimultaneousMs: number;
  /** Longest time with no owner between the first and the last ownership. */
  readonly maxAbsenceMs: number;
  readonly absences: readonly Span[];
  readonly moves: readonly Move[];
  /** Absent when nobody ever owned it; then the other figures are zero and say nothing. */
  readonly firstOwnedAt?: number;
  /** Empty when it was lost and never came back, which is no absence as counted above. */
  readonly ownersAtEnd: readonly string[];
}

type Line =
  | { readonly t: number; readonly event: 'start'; readonly vips: string[]; readonly nodes: string[] }
  | {
      readonly t: number;
      readonly event: 'end';
      readonly rounds: number;
      readonly maxRoundMs: number;
      readonly maxGapMs: number;
    }
  | (OwnershipChange & { readonly event?: undefined });

/** Reads the sampler's JSON lines. A last line without line end is one still being written, and is left out. */
export function parseRecord(text: string): OwnershipRecord {
  const lines = text
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.trim() !== '')
    .map(parseLine);
  const [start] = lines;
  if (start?.event !== 'start') throw new Error('the record does not begin with a start line');
  const changes = lines.filter((line) => line.event === undefined);
  const end = lines.find((line) => line.event === 'end');
  return {
    from: start.t,
    to: end?.t ?? changes.at(-1)?.t ?? start.t,
    vips: start.vips,
    nodes: start.nodes,
    changes,
    ...(end && { end: { rounds: end.rounds, maxRoundMs: end.maxRoundMs, maxGapMs: end.maxGapMs } }),
  };
}

function parseLine(line: string, index: number): Line {
  try {
    return JSON.parse(line) as Line;
  } catch (error) {
    throw new Error(`line ${index + 1} of the record is not JSON: ${line}`, { cause: error });
  }
}

/** The spans of one VIP, without gaps, from the start to the end of the record. */
export function spansOf(record: OwnershipRecord, vip: string): readonly Span[] {
  const changes = record.changes.filter((change) => change.vip === vip);
  const starts = [{ t: record.from, owners: [] as readonly string[] }, ...changes];
  return starts
    .map(({ t, owners }, i) => ({ from: t, to: starts[i + 1]?.t ?? record.to, owners }))
    .filter((span, i) => span.to > span.from || i === starts.length - 1);
}

/** The figures of every VIP of the record, in the sampler's order. */
export function ownershipReport(record: OwnershipRecord): readonly VipReport[] {
  return record.vips.map((vip) => {
    const spans = spansOf(record, vip);
    const absences = absencesIn(spans);
    const first = spans.find((span) => span.owners.length > 0);
    return {
      vip,
      maxSimultaneousMs: longest(joined(spans.filter((span) => span.owners.length > 1))),
      maxAbsenceMs: longest(absences),
      absences,
      moves: movesIn(spans),
      ...(first && { firstOwnedAt: first.from }),
      ownersAtEnd: spans.at(-1)?.owners ?? [],
    };
  });
}

/** Joins spans that touch, so that a third owner does not cut one overlap into two short ones. */
export function joined(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = [];
  for (const span of spans) {
    const last = result.at(-1);
    if (last?.to === span.from) result.splice(-1, 1, { ...last, to: span.to });
    else result.push(span);
  }
  return result;
}

/** The times without any owner between the first and the last ownership. */
export function absencesIn(spans: readonly Span[]): readonly Span[] {
  const owned = (span: Span) => span.owners.length > 0;
  const first = spans.findIndex(owned);
  const last = spans.findLastIndex(owned);
  return spans.slice(Math.max(first, 0), last + 1).filter((span) => !owned(span));
}

function movesIn(spans: readonly Span[]): readonly Move[] {
  const settled = spans.flatMap(({ from, owners }) =>
    owners.length === 1 ? owners.map((owner) => ({ t: from, owner })) : [],
  );
  return settled.flatMap(({ t, owner }, i) => {
    const before = settled[i - 1]?.owner;
    return before === undefined || before === owner ? [] : [{ t, from: before, to: owner }];
  });
}

const longest = (spans: readonly Span[]) => Math.max(0, ...spans.map((span) => span.to - span.from));
