import { describe, expect, it } from '@jest/globals';
import { toText } from '../../src/api/words.ts';
import { hazards } from '../../src/catalog/hazards.ts';
import type { Check, Finding } from '../../src/preflight/checks/check.ts';
import { checks } from '../../src/preflight/checks.ts';
import { preflight } from '../../src/preflight/run.ts';
import { preflightPassed, preflightStatus } from '../../src/status/preflight.ts';
import { freshSnapshot, kubeVipConfig, snapshot } from '../builders.ts';
import { node, service } from '../cluster-builders.ts';
import { rowsOf } from './find.ts';
import { kubeVip, surveyed, workload } from './survey-builders.ts';
import { observed, reportOf, planOf } from '../pass.ts';

const finding = { object: 'Node/n1', expected: 'a', found: 'b' };
const check = (id: string, severity: Check['severity'], findings: readonly object[]): Check => ({
  id,
  severity,
  question: 'What?',
  find: () => findings as ReturnType<Check['find']>,
  remedy: 'mend it',
  links: [],
});
const acknowledging = (ids: string) =>
  kubeVipConfig({ metadata: { annotations: { 'kubevip.dev/acknowledge': ids } } });

describe('the table of checks', () => {
  it('has each id once', () => {
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
  });

  it.each(checks.map((row) => [row.id, row] as const))('%s asks, and says what to do', (id, row) => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
    expect(row.question).toMatch(/^[A-Z].+\?$/);
    expect(row.remedy).toMatch(/^[a-z].+[^.]$/);
  });

  it.each(checks.flatMap(({ id, links }) => links.map((link) => [id, link] as const)))(
    '%s: %s is a hazard or a thread',
    (_, link) => {
      const isHazard = hazards.some(({ id }) => id === link);
      expect([link, isHazard || /^[\w-]+\/[\w-]+#\d+$/.test(link)]).toEqual([link, true]);
    },
  );
});

describe('preflight', () => {
  it('runs all of them, and puts what failed first', () => {
    const table = [
      check('a-warning', 'warns', [finding, finding]),
      check('a-pass', 'blocks', []),
      check('a-block', 'blocks', [{ ...finding, todo: 'do this' }]),
    ];
    expect(preflight(observed(freshSnapshot()), table)).toMatchObject({
      rows: [
        {
          check: 'a-block',
          result: 'Failed',
          object: 'Node/n1',
          head: 'Node/n1: b',
          message: 'Node/n1: b. Expected a. Do this.',
        },
        ...[1, 2].map(() => ({
          check: 'a-warning',
          result: 'Warned',
          object: 'Node/n1',
          message: 'Node/n1: b. Expected a. Mend it.',
        })),
      ],
      total: 3,
      isPending: false,
    });
  });

  it.each<[string, Partial<Finding>, head: string, message: string]>([
    [
      'what more is known behind the head',
      { detail: 'It does so since noon' },
      'Node/n1: b',
      'Node/n1: b. It does so since noon. Expected a. Mend it.',
    ],
    [
      'many nodes by the first one where all of them have no room',
      { object: Array.from({ length: 9 }, (_, n) => `Node/worker-${n}`).join(', ') },
      'Node/worker-0 and others: b',
      'Node/worker-0 and others: b. Node/worker-0, Node/worker-1,',
    ],
    [
      'the check where what was found has no room',
      { found: 'x'.repeat(100) },
      'Node/n1: does not pass check a-warning',
      'Node/n1: does not pass check a-warning. Node/n1: xxx',
    ],
    [
      'the check alone where the object has no room',
      { object: `Service/${'n'.repeat(63)}/${'s'.repeat(63)}` },
      'Check a-warning does not pass',
      'Check a-warning does not pass. Service/nnn',
    ],
  ])('says %s', (_, parts, head, message) => {
    const table = [check('a-warning', 'warns', [{ ...finding, ...parts }])];
    const [row] = preflight(observed(freshSnapshot()), table).rows;
    expect(row?.head).toBe(head);
    expect(row?.message.slice(0, message.length)).toBe(message);
  });

  it('lets a warning be acknowledged, never a block', () => {
    const table = [check('a-warning', 'warns', [finding]), check('a-block', 'blocks', [finding])];
    const { rows } = preflight(
      observed(freshSnapshot({ config: acknowledging('a-block, a-warning') })),
      table,
    );
    expect(rows.map(({ check: id, result }) => `${id} ${result}`)).toEqual([
      'a-block Failed',
      'a-warning Acknowledged',
    ]);
  });
});

describe('what blocks the first start, and only warns where any tenant can have made it', () => {
  const svclb = (namespace: string) =>
    workload({ namespace, labels: { 'svccontroller.k3s.cattle.io/svcname': 'web' } });
  const metalLb = (hostNetwork: boolean) =>
    workload({ hostNetwork, images: ['x/metallb'], args: ['kubevip.dev/edge'] });
  const kubeProxy = (namespace: string) =>
    workload({ namespace, images: ['x/kube-proxy:v1'], args: ['--proxy-mode=ipvs'] });
  const ofClass = { svc_enable: 'true', lb_class_name: 'kubevip.dev/edge', address: '' };

  it.each([
    ['foreign-kube-vip-has-vip', 1, kubeVip(), kubeVip({}, { hostNetwork: false })],
    ['foreign-kube-vip-has-class', 1, kubeVip(ofClass), kubeVip(ofClass, { hostNetwork: false })],
    ['servicelb-is-active', 1, svclb('kube-system'), svclb('tenant')],
    ['metallb-has-class', 1, metalLb(true), metalLb(false)],
    ['ipvs-without-strict-arp', 2, kubeProxy('kube-system'), kubeProxy('tenant')],
  ])('%s', (id, count, administrators, tenants) => {
    const rows = (one: typeof tenants) =>
      rowsOf(id, surveyed({ workloads: [one] })).map(({ result, holds }) => [result, holds.length]);
    expect(rows(administrators)).toEqual([['Failed', count]]);
    expect(rows(tenants)).toEqual([['Warned', 0]]);
  });

  it('an address that a cloud provider lists for the node that had it', () => {
    const of = (...addresses: readonly string[]) => {
      const made = node({ name: 'n2' });
      const rows = addresses.map((address) => ({ type: 'InternalIP', address }));
      const world = snapshot({ nodes: [{ ...made, status: { ...made.status, addresses: rows } }] });
      return rowsOf('vip-is-node-address', world).map(({ result }) => result);
    };
    expect(of('203.0.113.100')).toEqual(['Failed']);
    expect(of('203.0.113.12', '203.0.113.100')).toEqual(['Warned']);
  });

  it('each finding by itself', () => {
    const workloads = [svclb('kube-system'), svclb('tenant')];
    const results = rowsOf('servicelb-is-active', surveyed({ workloads })).map(({ result }) => result);
    expect(results).toEqual(['Failed', 'Warned']);
  });
});

describe('status', () => {
  const many = Array.from({ length: 30 }, (_, index) =>
    service({ name: `web-${index}`, published: ['203.0.113.11'] }),
  );

  it('shows twenty findings and counts all', () => {
    const { preflight, preflightCounts } = preflightStatus(
      reportOf(freshSnapshot({ nodes: [node()], services: many })),
    );
    expect(preflight).toHaveLength(20);
    expect(preflightCounts).toEqual({ failed: 30, warned: 1, acknowledged: 0 });
  });

  it('shows each check that finds something, however much another one finds', () => {
    const { preflight = [] } = preflightStatus(reportOf(freshSnapshot({ nodes: [node()], services: many })));
    expect(preflight.map(({ check: id, result }) => `${id} ${result}`)).toEqual([
      ...Array.from({ length: 19 }, () => 'service-status-has-node-address Failed'),
      'selector-matches-no-node Warned',
    ]);
  });

  it('shows twenty of five hundred warnings, and counts all', () => {
    const services = Array.from({ length: 500 }, (_, index) =>
      service({
        name: `web-${index}`,
        loadBalancerClass: 'kubevip.dev/edge',
        externalTrafficPolicy: 'Local',
      }),
    );
    const { preflight, preflightCounts } = preflightStatus(reportOf(freshSnapshot({ services })));
    expect([preflight?.length, preflightCounts?.warned]).toEqual([20, 500]);
  });

  it('says how many more there are', () => {
    expect(
      toText(preflightPassed(reportOf(freshSnapshot({ nodes: [node()], services: many })), planOf([]))),
    ).toMatch(/^Service\/default\/web-0: .+\. And 29 more, see status\.preflight\.$/);
  });
});
