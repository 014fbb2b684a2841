// What all checks cost in a large cluster: printed, and far from a second.
import { expect, it } from '@jest/globals';
import { checks } from '../../src/preflight/checks.ts';
import { preflight } from '../../src/preflight/run.ts';
import { freshSnapshot } from '../builders.ts';
import { plainSurvey } from '../plain-survey.ts';
import { node, service } from '../cluster-builders.ts';
import { kubeVip, workload } from './survey-builders.ts';
import { observed } from '../pass.ts';

const addressOf = (index: number): string => `10.${(index >> 14) & 255}.${(index >> 7) & 127}.${index & 127}`;
const nodes = Array.from({ length: 5000 }, (_, index) =>
  node({
    name: `n${index}`,
    address: addressOf(index),
    podRange: `10.${128 + (index >> 8)}.${index & 255}.0/24`,
    ...(index >= 5 && { labels: {} }),
  }),
);
const services = Array.from({ length: 20_000 }, (_, index) =>
  service({
    name: `s${index}`,
    clusterIPs: [`172.16.${index >> 8}.${index & 255}`],
    published: [`192.0.2.${index & 255}`],
  }),
);
const workloads = [
  ...Array.from({ length: 500 }, (_, index) => workload({ name: `w${index}`, hostPorts: [80] })),
  kubeVip({ address: '10.9.9.9' }),
];

it('runs every check on 5,000 nodes and 20,000 Services', () => {
  const certificates = nodes.slice(0, 5).map(({ metadata }) => ({
    node: metadata?.name ?? '',
    address: '203.0.113.11',
    port: 6443,
    names: ['203.0.113.100', '203.0.113.11'],
  }));
  const survey = { ...plainSurvey, workloads, certificates };
  const took = Array.from({ length: 9 }, () => {
    // As after an event of a node: a list that nothing is remembered of.
    const world = freshSnapshot({ nodes: [...nodes], services, survey });
    const since = performance.now();
    const { rows } = preflight(observed(world), checks);
    expect(rows).toEqual([]);
    return performance.now() - since;
  }).sort((a, b) => a - b);
  const [median = 0, worst = 0] = [took[4], took[8]];
  console.info(
    `${checks.length} checks, 5,000 nodes, 20,000 Services: median ${median.toFixed(0)} ms, worst ${worst.toFixed(0)} ms`,
  );
  // Ten times what was seen on two busy cores: it must stay linear.
  expect(median).toBeLessThan(1000);
});
