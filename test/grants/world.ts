// Services, a book of them and the grounds of a cluster, for tests of grants.
import type { V1Service } from '@kubernetes/client-node';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { AddressBook } from '../../src/grants/book.ts';
import { decideGrant } from '../../src/grants/decide.ts';
import type { Decision } from '../../src/grants/decision.ts';
import { groundsOf, type ClusterFacts, type GrantFacts } from '../../src/grants/grounds.ts';
import { Prospects } from '../../src/grants/prospects.ts';
import { standingOf } from '../../src/grants/standing.ts';
import { emptySurvey } from '../../src/observed/neighbours/survey.ts';
import { kubeVipConfig, type ConfigOverrides } from '../builders.ts';
import { node, service } from '../cluster-builders.ts';
import { run } from '../witness/world.ts';

export const asked = 'kubevip.dev/addresses';
export const granted = 'kube-vip.io/loadbalancerIPs';

/** `edge`, which gives only what is asked for: with a pool from 203.0.113.0 to 203.0.113.255, and one of IPv6; its nodes were asked. */
export function poolConfig(overrides: ConfigOverrides = {}): KubeVipConfig {
  const pools = [
    { name: 'main', addresses: ['203.0.113.0/24'], autoAssign: false },
    { name: 'six', addresses: ['2001:db8::/64'], autoAssign: false },
  ];
  const nodeProbe = [
    run({
      function: 'services',
      gateways: ['203.0.113.1'],
      subnets: ['203.0.113.11/24', '2001:db8::b/64'],
    }),
  ];
  return kubeVipConfig({
    status: { observedGeneration: 1, nodeProbe },
    ...overrides,
    spec: { services: { pools }, ...overrides.spec },
  });
}

/** The same `edge`, which chooses for Services that ask for nothing. */
export const autoConfig = (
  addresses: readonly string[] = ['203.0.113.0/24', '2001:db8::/64'],
): KubeVipConfig =>
  poolConfig({ spec: { services: { pools: [{ name: 'main', addresses: [...addresses] }] } } });

export const facts: ClusterFacts = {
  configs: [poolConfig()],
  nodes: [node()],
  survey: { ...emptySurvey, serviceRanges: ['203.0.113.64/27'] },
};

/** What a Service of these tests is made of. */
export interface ServiceOptions {
  readonly name?: string;
  readonly namespace?: string;
  readonly asks?: string;
  readonly has?: string;
  /** Whether the operator wrote what it has. Default: yes. */
  readonly isOurs?: boolean;
  readonly published?: readonly string[];
  readonly share?: string;
  /** The operator chose what it has. */
  readonly isAssigned?: boolean;
  /** The pool that it names. */
  readonly pool?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly ipFamilies?: string[];
  readonly ipFamilyPolicy?: string;
  readonly port?: number;
  readonly of?: string;
  readonly version?: number;
  readonly type?: string;
  readonly externalIPs?: string[];
  readonly loadBalancerIP?: string;
}

const annotationsOf = ({ asks, has, share, pool, isAssigned }: ServiceOptions) => ({
  ...(pool !== undefined && { 'kubevip.dev/pool': pool }),
  ...(isAssigned === true && { 'kubevip.dev/assigned': 'main' }),
  ...(asks !== undefined && { [asked]: asks }),
  ...(has !== undefined && { [granted]: has }),
  ...(share !== undefined && { 'kubevip.dev/share': share }),
});

/** A Service `default/web` of class kubevip.dev/edge. */
export function serviceOf(options: ServiceOptions = {}): V1Service {
  const { asks: _, has, share: __, of = 'kubevip.dev/edge', port = 80, version = 1, ...more } = options;
  const { isOurs = true, isAssigned: ___, pool: ____, ...rest } = more;
  const made = service({
    ...rest,
    annotations: annotationsOf(options),
    clusterIPs: [],
    loadBalancerClass: of,
    resourceVersion: String(version),
    ports: [{ port }],
  });
  const managedFields = has !== undefined && isOurs ? [{ manager: 'kube-vip-operator' }] : [];
  return { ...made, metadata: { ...made.metadata, managedFields } };
}

/** What becomes of the first of some Services. */
export function decisionOn(
  services: readonly V1Service[],
  cluster: Partial<ClusterFacts> = {},
  book = new AddressBook(),
  more: Partial<Omit<GrantFacts, 'grounds' | 'book'>> = {},
): Decision {
  services.forEach((row) => book.put(standingOf(row), 0));
  const [first = serviceOf()] = services;
  const grounds = groundsOf({ ...facts, ...cluster });
  return decideGrant(standingOf(first), {
    grounds,
    book,
    now: 0,
    prospects: new Prospects(),
    since: -Infinity,
    sightOf: () => 'unasked',
    workedOffUntil: () => -Infinity,
    underWayMs: () => 0,
    turnOf: () => undefined,
    ...more,
  });
}
