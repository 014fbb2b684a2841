// The queries of a Grafana dashboard, with Grafana's own variables filled in.

interface Target {
  readonly expr: string;
}

interface Templated {
  readonly panels: readonly { readonly targets?: readonly Target[] }[];
  readonly templating: { readonly list: readonly { readonly query?: unknown }[] };
}

const defaults: Readonly<Record<string, string>> = { $__rate_interval: '5m', $kubevipconfig: 'edge' };

/**
 * Every query as Prometheus would get it.
 * @param chosen values of variables that differ from: rates of 5 minutes, a config called edge
 */
export function queriesOf(
  dashboard: object,
  chosen: Readonly<Record<string, string>> = {},
): readonly string[] {
  const variables = { ...defaults, ...chosen };
  const { panels } = dashboard as Templated;
  const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  return queries.map((query) =>
    Object.entries(variables).reduce((text, [name, value]) => text.replaceAll(name, value), query),
  );
}
