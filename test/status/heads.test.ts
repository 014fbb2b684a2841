// That a message has a head: one clause that stands alone in a column, with which the whole begins; and that an event has
// room for it and for what to do.
import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { longestHead, longestNote } from '../../src/api/words.ts';
import { nowText } from '../builders.ts';
import { computed, decide, eventsOf } from '../pass.ts';
import { rows as situations } from './cases.ts';
import { deletionRows } from './deletion-cases.ts';
import type { Outcome } from '../../src/status/outcome.ts';

const refused: Outcome = {
  kind: 'failed',
  error: new Error(
    `PATCH /apis/apps/v1/namespaces/kube-vip-system/daemonsets/edge-control-plane?fieldManager=kube-vip-operator&force=true: 422 DaemonSet.apps "edge-control-plane" is invalid: ${'spec.template.spec.containers[0].resources.limits[cpu]: Invalid value: "x"; '.repeat(6)}`,
  ),
  todo: 'correct the field of the KubeVipConfig that the cause names',
};

const long: Readonly<Record<string, string>> = {
  '203.0.113.100': '2001:db8:1111:2222:3333:4444:5555:6661',
  edge: 'edge-of-the-second-data-centre-in-vienna',
  n1: `rack-1-${'0123456789'.repeat(5)}-worker`.slice(0, 63),
  n2: `rack-2-${'0123456789'.repeat(5)}-worker`.slice(0, 63),
};

/** The same with addresses of IPv6, the longest name of a config, and nodes whose names have 63 characters. */
function withLongNames(world: Snapshot): Snapshot {
  const text = JSON.stringify(world, (_, value: unknown) => (value === undefined ? null : value)).replaceAll(
    /203\.0\.113\.100|\bedge\b|\bn[12]\b/g,
    (name) => long[name] ?? name,
  );
  return withoutNull(JSON.parse(text) as Snapshot);
}

function withoutNull<T>(value: T): T {
  if (Array.isArray(value)) {
    return value.map((row: unknown) => withoutNull(row)) as T;
  }
  return typeof value === 'object' && value !== null
    ? (Object.fromEntries(
        Object.entries(value).flatMap(([name, field]) =>
          field === null ? [] : [[name, withoutNull<unknown>(field)]],
        ),
      ) as T)
    : value;
}

const rows = [...situations, ...deletionRows].flatMap(([sentence, world, , , acted]) => {
  const done = acted ?? ({ kind: 'done' } as const);
  return [
    [sentence, world, done],
    [`${sentence}, with long names`, withLongNames(world), done],
    [`${sentence}, when the API server refuses it at length`, world, refused],
  ] as const;
});
const passes = rows.map(([sentence, world, acted]) => {
  const input = { snapshot: world, plan: decide(world), acted, now: nowText } as const;
  return { sentence, world, ...computed(input) };
});

describe('a condition', () => {
  it('is looked at in many situations', () => {
    expect(passes.flatMap(({ conditions }) => conditions).length).toBeGreaterThan(1000);
  });

  it('has a head that fits into a column, and a message that begins with it', () => {
    for (const { sentence, conditions, status } of passes) {
      conditions.forEach(({ head, type }, index) => {
        const { message = '' } = status.conditions?.[index] ?? {};
        const isClause = head.length > 5 && head.length <= longestHead && !/\.( |$)/.test(head);
        expect([sentence, type, isClause, message.startsWith(head)]).toEqual([sentence, type, true, true]);
      });
    }
  });

  it('has a head that is cut nowhere: names that are long are said behind it', () => {
    const cut = passes.flatMap(({ conditions }) => conditions.filter(({ head }) => head.includes('…')));
    expect([...new Set(cut.map(({ head }) => head))]).toEqual([]);
  });

  it('is the column when it is Ready', () => {
    for (const { conditions, status } of passes) {
      expect(status.summary?.message).toBe(conditions.find(({ type }) => type === 'Ready')?.head);
    }
  });
});

describe('an event', () => {
  const notes = passes.flatMap(({ world, status, conditions }) => [
    ...eventsOf(undefined, { status, conditions }, world),
    ...eventsOf(status, { status: { ...status, conditions: [] }, conditions: [] }, world),
  ]);

  it('is short', () => {
    const size = ({ note }: { readonly note: string }): number => new TextEncoder().encode(note).length;
    expect(notes.filter(({ note }) => note.length > longestNote)).toEqual([]);
    expect(Math.max(...notes.map(size))).toBeLessThanOrEqual(1024);
  });

  const firstOf = (todo = ''): string => todo.split(/(?<=\.) (?=[A-Z])/)[0]?.replace(/\.$/, '') ?? '';

  it('says the head, and the first thing to do as far as its names leave room', () => {
    for (const { sentence, world, status, conditions } of passes) {
      const said = eventsOf(undefined, { status, conditions }, world).map(({ note }) => note);
      for (const { head, todo } of conditions) {
        const first = firstOf(todo);
        const next = sentence.endsWith('with long names') ? first.slice(0, 20) : first;
        const found = said.some((note) => note.startsWith(head) && note.includes(next));
        expect([found, head, first]).toEqual([true, head, first]);
      }
    }
  });
});
