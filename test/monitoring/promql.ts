// What a PromQL expression speaks of, from Prometheus' own grammar.
import { parser } from '@prometheus-io/lezer-promql';

export interface Matcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

export interface Query {
  /** Places that are no PromQL. */
  readonly errors: readonly string[];
  readonly selectors: readonly { readonly metric: string; readonly matchers: readonly Matcher[] }[];
  /** Labels in by, without, on, ignoring and group_left. */
  readonly groupings: readonly string[];
}

const matcher = /^\s*(\w+)\s*(=~|!~|!=|=)\s*"(.*)"\s*$/;

interface Selector {
  readonly metric: string;
  readonly matchers: Matcher[];
}

interface Reading {
  readonly errors: string[];
  readonly selectors: Selector[];
  readonly groupings: string[];
}

type Visit = (found: Reading, said: string, isGrouped: boolean) => unknown;

/** What each kind of node adds. A selector comes before its matchers. */
const visits: Readonly<Record<string, Visit>> = {
  VectorSelector: ({ selectors }, said) =>
    selectors.push({ metric: /^\w+/.exec(said)?.[0] ?? '', matchers: [] }),
  UnquotedLabelMatcher({ selectors }, said) {
    const [, label = '', operator = '', value = ''] = matcher.exec(said) ?? [];
    selectors.at(-1)?.matchers.push({ label, operator, value });
  },
  LabelName: ({ groupings }, said, isGrouped) => isGrouped && groupings.push(said),
};

/** Reads one expression. */
export function readQuery(text: string): Query {
  const found: Reading = { errors: [], selectors: [], groupings: [] };
  parser.parse(text).iterate({
    enter({ name, type, from, to, node }) {
      if (type.isError) {
        found.errors.push(text.slice(Math.max(0, from - 20), to + 20));
      }
      visits[name]?.(found, text.slice(from, to), node.parent?.name === 'GroupingLabels');
    },
  });
  return found;
}
