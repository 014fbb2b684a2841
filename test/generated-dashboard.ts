// config/monitoring/dashboard.json: a Grafana dashboard from a table of panels.
import { panels, type Panel } from './monitoring/panels.ts';

const height = 7;
const columns = 24;
const datasource = { type: 'prometheus', uid: '${datasource}' };

function targets({ queries, type }: Panel): readonly object[] {
  return queries.map(([expr, legendFormat], index) => ({
    refId: String.fromCodePoint(65 + index),
    datasource,
    expr,
    legendFormat,
    ...(type === 'table' && { format: 'table', instant: true }),
  }));
}

/** Left to right, and a new line where a panel does not fit. */
function places(): readonly object[] {
  let [x, y] = [0, 0];
  return panels.map(({ width }) => {
    if (x + width > columns) {
      [x, y] = [0, y + height];
    }
    const place = { x, y, w: width, h: height };
    x += width;
    return place;
  });
}

/** The whole dashboard. */
export function dashboard(): object {
  const grid = places();
  return {
    uid: 'kube-vip-operator',
    title: 'kube-vip-operator',
    tags: ['kube-vip'],
    schemaVersion: 39,
    refresh: '1m',
    time: { from: 'now-6h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', type: 'datasource', query: 'prometheus' },
        {
          name: 'kubevipconfig',
          type: 'query',
          datasource,
          query: 'label_values(kube_vip_operator_config_info, kubevipconfig)',
          includeAll: true,
          multi: true,
          allValue: '.*',
          refresh: 2,
        },
      ],
    },
    panels: panels.map((panel, index) => ({
      id: index + 1,
      title: panel.title,
      type: panel.type,
      datasource,
      gridPos: grid[index],
      fieldConfig: { defaults: panel.unit === undefined ? {} : { unit: panel.unit }, overrides: [] },
      targets: targets(panel),
    })),
  };
}
