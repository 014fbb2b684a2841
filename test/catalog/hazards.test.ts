// Every hazard that is known, and that each of its fences is there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { reasons } from '../../src/api/conditions.ts';
import type { JsonSchema } from '../../src/api/json-schema.ts';
import type { Fence, Shape } from '../../src/catalog/hazards/row.ts';
import { hazards } from '../../src/catalog/hazards.ts';
import { rules } from '../../src/catalog/validation.ts';
import { variables } from '../../src/catalog/variables.ts';
import { checks } from '../../src/preflight/checks.ts';
import { gates } from '../../src/rollout/gates.ts';
import { choosable } from '../../src/catalog/verdicts.ts';
import { admittedConfigs, objectSchema } from '../api/arbitraries.ts';
import { renderedOf, shapes } from './shapes.ts';

const ids = `
  foreign-status-adopted vip-equals-node-ip vip-in-cluster-cidr vip-in-use-elsewhere cp-vip-equals-service-vip
  shared-service-ip-svc-election two-installs-same-vip duplicate-lease-names same-identity-two-nodes
  stale-vip-after-crash orphan-vip-on-delete gc-prefix-blind
  service-takes-any-address external-ip-captures-traffic annotation-beats-setting too-large-to-judge
  service-without-room deleted-before-published deleted-by-accident
  false-word-of-a-witness
  arp-no-election cp-svc-one-process services-on-control-plane-nodes lease-too-short lease-inequality
  lease-too-long svc-election-scale svc-election-stall silent-leader-loss no-probe late-release
  upgrade-all-at-once rename-daemonset exit-zero preserve-vip
  api-through-own-vip super-admin-conf hostaliases-ignored endpointslice-rbac unhealthy-apiserver-leader
  kubelet-picks-vip cp-selector-wrong
  wrong-interface-name interface-autodetect-multi-nic interface-not-up vip-cidr-removed vip-cidr-default-lost
  subnet-not-host-prefix vip-on-real-nic-bgp
  status-ports-loop k3s-servicelb metallb-coexist cilium-l2 cilium-kpr ipvs-strictarp lb-class-conflict
  promiscuous-or-arp-inspection prometheus-port-clash bgp-two-speakers upnp-and-mirror
  local-without-svc-election local-svc-election-pending common-lease-with-local lb-enable-ipvs lb-port-mismatch
  egress-snat dhcp-vip dns-vip dual-stack wireguard several-modes bgp-cp-no-advert svc-namespace-scope node-labels
`
  .trim()
  .split(/\s+/);

// Checks that say something near a hazard, and do not stop it.
const touching: readonly string[] = [
  'claimed-by-other-config',
  'pod-security-rejects',
  'quota-rejects',
  'kubernetes-is-untested',
];

type Of<K extends Fence['kind']> = Extract<Fence, { kind: K }>;

/** Every fence of a kind, under the name of its hazard. */
function fencesOf<K extends Fence['kind']>(kind: K): readonly (readonly [string, Of<K>])[] {
  return hazards.flatMap(({ id, fences }) =>
    fences
      .filter((fence): fence is Of<K> => fence.kind === kind)
      .map((fence) => [`${id}: ${fence.how}`, fence] as const),
  );
}

// A sample of all specs, and each release in it: what is never rendered is not rendered for any of them.
const sample = fc.sample(admittedConfigs, { numRuns: 300, seed: 20261124 });
const rendered = sample.flatMap(renderedOf);

/** The schema at a path, or undefined. */
function schemaAt(path: string): JsonSchema | undefined {
  return path
    .split('.')
    .reduce<JsonSchema | undefined>((schema, name) => schema?.properties?.[name], objectSchema as JsonSchema);
}

describe('hazards', () => {
  it('are all that are known, in one order', () => {
    expect(hazards.map(({ id }) => id)).toEqual(ids);
  });

  it.each(hazards.map((row) => [row.id, row] as const))(
    '%s has a fence or says why it has none',
    (_, row) => {
      expect(row.fences.length > 0 || row.notCovered !== undefined).toBe(true);
    },
  );

  it.each(hazards.map((row) => [row.id, row] as const))('%s is said in sentences', (_, row) => {
    for (const text of [row.breaks, ...row.fences.map(({ how }) => how), row.notCovered ?? 'None.']) {
      expect(text).toMatch(/^\S.+\.$/);
    }
    expect([row.settings, row.versions]).toEqual([expect.stringMatching(/\S/), expect.stringMatching(/\S/)]);
  });

  it.each(hazards.map((row) => [row.id, row] as const))('%s has evidence that can be found', (_, row) => {
    expect(row.evidence.length).toBeGreaterThan(0);
    for (const text of row.evidence) {
      expect(text).toMatch(
        /^(inferred|[\w-]+\/[\w-]+#\d+|(pkg|cmd)\/[\w/-]+\.go@v\d+\.\d+\.\d+|lab run, .+)$/,
      );
    }
  });

  it.each(fencesOf('rollout'))('%s is stopped by a gate that is there', (_, { gate }) => {
    expect(gates.map(({ id }) => id)).toContain(gate);
  });
});

// That each has a case that it stops: test/preflight/checks.test.ts.
describe('preflight', () => {
  it.each(fencesOf('preflight'))('%s', (_, { check }) => {
    expect(checks.map(({ id }) => id)).toContain(check);
  });

  // What a check links to, that hazard names the check as its fence or says that it only touches it.
  it.each(checks.map(({ id, links }) => [id, links] as const))(
    '%s is the fence of some hazard',
    (id, links) => {
      const named = hazards.filter(({ fences }) =>
        fences.some((fence) => fence.kind === 'preflight' && fence.check === id),
      );
      const isAboutHazards = links.some((link) => ids.includes(link));
      expect([id, isAboutHazards && named.length === 0 && !touching.includes(id)]).toEqual([id, false]);
    },
  );
});

describe('what cannot be written', () => {
  const fences = fencesOf('not-expressible');

  it('is judged by every release that can be chosen', () => {
    const versions = new Set(sample.map(({ spec }) => spec.version));
    expect(choosable.filter(({ version }) => !versions.has(version))).toEqual([]);
  });

  it.each(fences)('%s', (_, { never = [], always = {}, noField = [], bound, shape }) => {
    expect(never.length + Object.keys(always).length + noField.length + (bound || shape ? 1 : 0)).not.toBe(0);
  });

  it.each(fences.flatMap(([name, { never = [] }]) => never.map((env) => [name, env] as const)))(
    '%s: %s is a variable that is never rendered',
    (_, env) => {
      expect(variables.map(({ name }) => name)).toContain(env);
      expect(rendered.filter((row) => row.env.has(env))).toEqual([]);
    },
  );

  it.each(
    fences.flatMap(([name, { always = {} }]) =>
      Object.entries(always).map((pair) => [name, ...pair] as const),
    ),
  )('%s: %s is always %s', (_, env, value) => {
    const values = new Set(rendered.flatMap((row) => row.env.get(env) ?? []));
    expect([...values]).toEqual([value]);
  });

  it.each(fences.flatMap(([name, { noField = [] }]) => noField.map((path) => [name, path] as const)))(
    '%s: %s is no field, and the field above it takes no others',
    (_, path) => {
      const above = schemaAt(path.slice(0, path.lastIndexOf('.')));
      expect(schemaAt(path)).toBeUndefined();
      // One that is not there at all is refused as a whole.
      expect(above?.type ?? 'object').toBe('object');
      expect(above?.additionalProperties).toBeUndefined();
    },
  );

  it.each(fences.flatMap(([name, { bound }]) => (bound ? [[name, bound] as const] : [])))(
    '%s: the schema has the bound',
    (_, { field, ...limits }) => {
      expect(schemaAt(field)).toMatchObject(limits);
    },
  );

  it.each(fences.flatMap(([name, { shape }]) => (shape ? [[name, shape] as const] : [])))(
    '%s: %s holds for everything that is rendered',
    (_, shape) => {
      expect(rendered.filter((row) => shapes[shape](row) === false)).toEqual([]);
      expect(rendered.filter((row) => shapes[shape](row) === true).length).toBeGreaterThan(20);
    },
  );

  it.each(Object.keys(shapes))('%s is the fence of some hazard', (shape) => {
    const named = fences.flatMap(([, fence]) => fence.shape ?? []);
    const elsewhere: readonly Shape[] = ['image by digest'];
    expect([...named, ...elsewhere]).toContain(shape);
  });
});

describe('rules', () => {
  it.each(fencesOf('cel').flatMap(([name, fence]) => fence.rules.map((rule) => [name, rule] as const)))(
    '%s %s is a rule of the CRD',
    (_, rule) => {
      expect(rules.map(({ id }) => id)).toContain(rule);
    },
  );
});

// That each is opened by a test on a real API server: test/config/admission.test.ts.
describe('admission policies', () => {
  const folder = new URL('../../config/admission/', import.meta.url);
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const policies = files
    .filter((file) => file !== 'kustomization.yaml')
    .flatMap((file) => parseAllDocuments(readFileSync(new URL(file, folder), 'utf8')))
    .map((document) => document.toJS() as { kind: string; metadata: { name: string } })
    .filter(({ kind }) => kind === 'ValidatingAdmissionPolicy')
    .map(({ metadata }) => metadata.name);

  it.each(fencesOf('admission-policy'))('%s', (_, { policy }) => {
    expect(policies).toContain(policy);
  });

  it.each(policies)('%s is the fence of some hazard', (name) => {
    expect(fencesOf('admission-policy').map(([, { policy }]) => policy)).toContain(name);
  });
});

// That each is told by nothing else: test/status/watched.test.ts.
describe('what is watched', () => {
  it.each(fencesOf('watched'))('%s', (_, { reason }) => {
    expect(Object.keys(reasons)).toContain(reason);
  });
});
