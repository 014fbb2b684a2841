import { describe, expect, it } from '@jest/globals';
import { drawTimeline } from './draw-timeline.ts';
import { ownershipReport, parseRecord, type OwnershipRecord } from './timeline.ts';

const vip = '203.0.113.100';
const lines = (...records: readonly object[]) => records.map((r) => `${JSON.stringify(r)}\n`).join('');
const start = { t: 1000, event: 'start', vips: [vip], nodes: ['n1', 'n2', 'n3'] };
const end = { t: 9000, event: 'end', rounds: 800, maxRoundMs: 1.5, maxGapMs: 11 };

/** A record of eight seconds in which the owners change at the given seconds. */
function record(...changes: readonly (readonly [second: number, ...owners: string[]])[]): OwnershipRecord {
  return parseRecord(
    lines(start, ...changes.map(([s, ...owners]) => ({ t: 1000 + s * 1000, vip, owners })), end),
  );
}

describe('parseRecord', () => {
  it('reads start, changes and end', () => {
    expect(record([1, 'n1'])).toEqual({
      from: 1000,
      to: 9000,
      vips: [vip],
      nodes: ['n1', 'n2', 'n3'],
      changes: [{ t: 2000, vip, owners: ['n1'] }],
      end: { rounds: 800, maxRoundMs: 1.5, maxGapMs: 11 },
    });
  });

  it('ends a record without end line at its last change, and says so', () => {
    const open = parseRecord(lines(start, { t: 2500, vip, owners: ['n1'] }));
    expect([open.to, open.end]).toEqual([2500, undefined]);
  });

  it('leaves out a line that is still being written', () => {
    expect(parseRecord(`${lines(start)}{"t":25`).changes).toEqual([]);
  });

  it.each([
    ['nothing at all', '', /start line/],
    ['a record that begins in the middle', lines(end), /start line/],
    ['a line that is not JSON', `${lines(start)}boom\n`, /line 2 .*boom/],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseRecord(text)).toThrow(message);
  });
});

const figures = (r: OwnershipRecord) => {
  const [report] = ownershipReport(r);
  const moves = report?.moves.map((move) => `${move.from}>${move.to}`).join(' ');
  return [report?.maxSimultaneousMs, report?.maxAbsenceMs, moves];
};

describe('ownershipReport', () => {
  it.each([
    ['counts nothing for a VIP that stays', record([0, 'n1']), [0, 0, '']],
    ['does not count the time before the first owner', record([3, 'n1']), [0, 0, '']],
    ['counts a move with a gap', record([0, 'n1'], [2], [3.5, 'n2']), [0, 1500, 'n1>n2']],
    ['counts a move between two rounds', record([0, 'n1'], [2, 'n2']), [0, 0, 'n1>n2']],
    ['counts a move through two owners', record([0, 'n1'], [2, 'n1', 'n2'], [2.4, 'n2']), [400, 0, 'n1>n2']],
    ['sees an overlap that lasts to the end', record([0, 'n1'], [6, 'n1', 'n2']), [2000, 0, '']],
    ['calls a return to the same node no move', record([0, 'n1'], [2], [3, 'n1']), [0, 1000, '']],
    [
      'calls an overlap without hand-over no move',
      record([0, 'n1'], [2, 'n1', 'n2'], [3, 'n1']),
      [1000, 0, ''],
    ],
    [
      'measures an overlap as one when a third owner joins',
      record([0, 'n1'], [1, 'n1', 'n2'], [2, 'n1', 'n2', 'n3'], [3, 'n1', 'n2'], [4, 'n2']),
      [3000, 0, 'n1>n2'],
    ],
    [
      'takes the longest of several absences',
      record([0, 'n1'], [1], [1.2, 'n2'], [3], [5, 'n1'], [6], [6.1, 'n3']),
      [0, 2000, 'n1>n2 n2>n1 n1>n3'],
    ],
  ])('%s', (_, r, expected) => {
    expect(figures(r)).toEqual(expected);
  });

  it('lists every absence with its times', () => {
    const [report] = ownershipReport(record([0, 'n1'], [1], [2, 'n2'], [3], [5, 'n1']));
    expect(report?.absences.map(({ from, to }) => [from, to])).toEqual([
      [2000, 3000],
      [4000, 6000],
    ]);
  });

  it('tells a VIP that was lost for good from one that stayed', () => {
    const [lost] = ownershipReport(record([1, 'n1'], [2]));
    const [kept] = ownershipReport(record([1, 'n1']));
    expect([lost?.ownersAtEnd, lost?.maxAbsenceMs, kept?.ownersAtEnd]).toEqual([[], 0, ['n1']]);
  });

  it('tells a VIP that nobody ever owned', () => {
    const [report] = ownershipReport(record());
    expect(report?.firstOwnedAt).toBeUndefined();
  });

  it('keeps VIPs apart, in the order of the sampler', () => {
    const two = parseRecord(
      lines(
        { ...start, vips: ['a', 'b'] },
        { t: 2000, vip: 'b', owners: ['n1'] },
        { t: 3000, vip: 'b', owners: [] },
        { t: 4000, vip: 'b', owners: ['n2'] },
        end,
      ),
    );
    expect(ownershipReport(two).map((report) => [report.vip, report.maxAbsenceMs])).toEqual([
      ['a', 0],
      ['b', 1000],
    ]);
  });
});

const count = (svg: string, pattern: RegExp) => [...svg.matchAll(pattern)].length;

describe('drawTimeline', () => {
  const moved = record([0, 'n1'], [2], [3, 'n2'], [4, 'n1', 'n2'], [5, 'n1']);

  it.each([
    ['a lane for each node', />n[123]<\/text>/g, 3],
    ['a bar for each stretch of ownership, and one in the legend', /fill="#2f6fb2"/g, 4],
    ['two owners in red, on both lanes', /fill="#c62828"/g, 3],
    ['an absence in amber', /fill="#f6c56b"/g, 2],
    ['a mark for each event', /stroke-dasharray/g, 2],
    [
      'the figures beside the address',
      /1 move, no owner for at most 1\.00 s, two owners for at most 1\.00 s/g,
      0,
    ],
    ['a time axis in seconds', />8 s<\/text>/g, 1],
  ])('draws %s', (_, pattern, expected) => {
    const svg = drawTimeline(moved, [
      { t: 3000, label: 'holder killed' },
      { t: 3100, label: 'a <second> & event' },
    ]);
    expect(count(svg, pattern)).toBe(expected);
  });

  it('puts labels that would cover each other into rows of their own', () => {
    const svg = drawTimeline(moved, [
      { t: 3000, label: 'first' },
      { t: 3010, label: 'second' },
    ]);
    const rows = [...svg.matchAll(/y="(\d+)"[^>]*>(?:first|second)</g)].map((match) => match[1]);
    expect(new Set(rows).size).toBe(2);
  });

  it('escapes labels and title', () => {
    const svg = drawTimeline(moved, [{ t: 3000, label: 'a <b> & "c"' }], 'x < y');
    expect(svg).toContain('a &lt;b&gt; &amp; &quot;c&quot;');
    expect(svg).toContain('<title>x &lt; y</title>');
  });

  it('draws an empty record', () => {
    expect(drawTimeline(parseRecord(lines({ ...start, vips: [] })), [])).toContain('</svg>');
  });
});
