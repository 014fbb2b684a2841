// Draws an ownership record as SVG: one panel for each VIP, nodes as lanes, ownership as bars, events as marks.
import {
  absencesIn,
  joined,
  ownershipReport,
  spansOf,
  type OwnershipRecord,
  type Span,
  type VipReport,
} from './timeline.ts';

/** Something that the test did, to be read beside what the addresses did. Time in Unix milliseconds. */
export interface TimelineEvent {
  readonly t: number;
  readonly label: string;
}

const width = 1200;
const left = 110;
const right = 30;
const laneHeight = 26;
const labelHeight = 16;
const panelHead = 34;
const axisHeight = 36;
const titleHeight = 46;
const legendHeight = 30;
const characterWidth = 6.4; // of the 11 px label font, a little generous
const colours = { owned: '#2f6fb2', shared: '#c62828', absent: '#f6c56b', lane: '#f3f4f6', event: '#6b3fa0' };

interface Scale {
  readonly from: number;
  readonly to: number;
  x(t: number): number;
}

interface Box {
  readonly y: number;
  readonly height: number;
  readonly colour: string;
}

/** Renders the record. Red is owned by two or more, amber is owned by nobody between two ownerships. */
export function drawTimeline(
  record: OwnershipRecord,
  events: readonly TimelineEvent[],
  title = 'Who owned which address',
): string {
  const scale = scaleFor(record, events);
  const rows = labelRows(events, scale);
  const panelTop = titleHeight + (Math.max(-1, ...rows) + 1) * labelHeight + 6;
  const panelHeight = panelHead + record.nodes.length * laneHeight + axisHeight;
  const bottom = panelTop + record.vips.length * panelHeight;
  const height = bottom + legendHeight;
  const elements = [
    text(left, 28, title, 'font-size="18" font-weight="bold"'),
    ...ownershipReport(record).flatMap((report, i) =>
      panel(record, report, scale, panelTop + i * panelHeight),
    ),
    ...events.flatMap((event, i) => mark(event, scale, titleHeight + (rows[i] ?? 0) * labelHeight, bottom)),
    ...legend(bottom + 16),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans, Helvetica, sans-serif">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...elements.filter((element) => !isText(element)),
    ...elements.filter(isText), // last, on a halo, so that no event line strikes a word through
    '</svg>',
    '',
  ].join('\n');
}

function scaleFor(record: OwnershipRecord, events: readonly TimelineEvent[]): Scale {
  const times = [record.from, record.to, ...events.map((event) => event.t)];
  const from = Math.min(...times);
  const to = Math.max(...times, from + 1);
  return { from, to, x: (t) => left + ((t - from) / (to - from)) * (width - left - right) };
}

/** Gives each label the first row in which it covers no other. */
function labelRows(events: readonly TimelineEvent[], scale: Scale): readonly number[] {
  const taken: (readonly [number, number])[][] = [];
  return events.map((event) => {
    const [from, to] = labelExtent(event, scale);
    const free = taken.findIndex((row) => row.every(([a, b]) => to < a || from > b));
    const row = free === -1 ? taken.length : free;
    taken[row] = [...(taken[row] ?? []), [from, to]];
    return row;
  });
}

function labelExtent(event: TimelineEvent, scale: Scale): readonly [number, number] {
  const x = scale.x(event.t);
  const length = event.label.length * characterWidth + 8;
  return x + length > width ? [x - length, x] : [x, x + length];
}

function mark(event: TimelineEvent, scale: Scale, top: number, bottom: number): readonly string[] {
  const x = scale.x(event.t);
  const flipped = labelExtent(event, scale)[0] < x;
  const label = `font-size="11" fill="${colours.event}" text-anchor="${flipped ? 'end' : 'start'}"`;
  return [
    `<line x1="${round(x)}" x2="${round(x)}" y1="${top}" y2="${bottom - axisHeight + 6}" stroke="${colours.event}" stroke-dasharray="3 3"/>`,
    text(x + (flipped ? -4 : 4), top + 11, event.label, label),
  ];
}

function panel(record: OwnershipRecord, report: VipReport, scale: Scale, top: number): readonly string[] {
  const spans = spansOf(record, report.vip);
  const lanes = top + panelHead;
  const height = record.nodes.length * laneHeight;
  const shared = spans.filter((span) => span.owners.length > 1);
  return [
    text(left, top + 22, report.vip, 'font-size="14" font-weight="bold"'),
    text(width - right, top + 22, summary(report), 'font-size="12" text-anchor="end" fill="#374151"'),
    ...record.nodes.flatMap((node, i) => lane(node, lanes + i * laneHeight)),
    ...absencesIn(spans).map((span) =>
      bar(span, scale, { y: lanes, height: height - 2, colour: colours.absent }),
    ),
    ...record.nodes.flatMap((node, i) => {
      const y = lanes + i * laneHeight + 3;
      const draw = (colour: string) => (span: Span) =>
        bar(span, scale, { y, height: laneHeight - 8, colour });
      const owns = (span: Span) => span.owners.includes(node);
      return [
        ...joined(spans.filter(owns)).map(draw(colours.owned)),
        ...joined(shared.filter(owns)).map(draw(colours.shared)),
      ];
    }),
    ...axis(scale, lanes + height),
  ];
}

function summary(report: VipReport): string {
  if (report.firstOwnedAt === undefined) return 'never owned';
  const moves = `${report.moves.length} ${report.moves.length === 1 ? 'move' : 'moves'}`;
  const overlap = `two owners for at most ${seconds(report.maxSimultaneousMs)}`;
  const lost = report.ownersAtEnd.length === 0 ? ', not owned at the end' : '';
  return `${moves}, no owner for at most ${seconds(report.maxAbsenceMs)}, ${overlap}${lost}`;
}

function lane(node: string, y: number): readonly string[] {
  return [
    `<rect x="${left}" y="${y}" width="${width - left - right}" height="${laneHeight - 2}" fill="${colours.lane}"/>`,
    text(left - 10, y + 16, node, 'font-size="12" text-anchor="end"'),
  ];
}

/** At least a pixel wide: what lasts 10 ms must not vanish from a minute. */
function bar(span: Span, scale: Scale, box: Box): string {
  const x = scale.x(span.from);
  const length = Math.max(1, scale.x(span.to) - x);
  return `<rect x="${round(x)}" y="${box.y}" width="${round(length)}" height="${box.height}" fill="${box.colour}"/>`;
}

function axis(scale: Scale, y: number): readonly string[] {
  const duration = (scale.to - scale.from) / 1000;
  const step =
    [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600].find((s) => duration / s <= 15) ?? 3600;
  const count = Math.floor(duration / step);
  return Array.from({ length: count + 1 }, (_, i) => i).flatMap((i) => {
    const x = scale.x(scale.from + i * step * 1000);
    const label = `${Number((i * step).toFixed(1))} s`;
    return [
      `<line x1="${round(x)}" x2="${round(x)}" y1="${y}" y2="${y + 4}" stroke="#6b7280"/>`,
      text(x, y + 16, label, 'font-size="11" text-anchor="middle" fill="#6b7280"'),
    ];
  });
}

function legend(y: number): readonly string[] {
  const entries = [
    [colours.owned, 'owns the address'],
    [colours.shared, 'owns it together with another node'],
    [colours.absent, 'nobody owns it'],
  ] as const;
  return entries.flatMap(([colour, label], i) => [
    `<rect x="${left + i * 270}" y="${y - 9}" width="12" height="10" fill="${colour}"/>`,
    text(left + i * 270 + 18, y, label, 'font-size="11"'),
  ]);
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes} ${halo}>${escape(content)}</text>`;
}

const halo = 'paint-order="stroke" stroke="#ffffff" stroke-width="3"';
const isText = (element: string) => element.startsWith('<text');
const seconds = (ms: number) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`);
const round = (value: number) => Math.round(value * 100) / 100;
const escape = (content: string) =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
