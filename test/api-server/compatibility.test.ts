// Each row of docs/compatibility.md, asked of the API server under test: it has what its release should have, and nothing that
// should come later.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { kubernetesFeatures } from '../../src/catalog/kubernetes.ts';
import type { AdminRequest } from './admin.ts';
import { startCluster, type TestCluster } from './cluster.ts';
import { isSince, kubernetes } from './kubernetes.ts';
import { until } from './until.ts';

jest.setTimeout(60_000);

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startCluster();
}, 90_000);

afterAll(() => cluster?.stop());

type Probe = () => Promise<boolean>;

const takes = async (request: AdminRequest): Promise<boolean> =>
  (await cluster.admin.refusal(request)) === undefined;

const serves =
  (path: string): Probe =>
  async () =>
    (await cluster.admin.get(path)) !== undefined;

const policies = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';

/** Whether a policy may say so. */
const compiles =
  (expression: string): Probe =>
  () =>
    takes({
      method: 'POST',
      path: `${policies}?dryRun=All`,
      body: {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicy',
        metadata: { name: 'probe.kubevip.dev' },
        spec: {
          matchConstraints: {
            resourceRules: [
              { apiGroups: [''], apiVersions: ['v1'], resources: ['services'], operations: ['CREATE'] },
            ],
          },
          validations: [{ expression }],
        },
      },
    });

const things = '/apis/example.org/v1/things';
const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** A CRD whose field takes texts up to this length. */
const thingsUpTo = (maxLength: number): object => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.example.org' },
  spec: {
    group: 'example.org',
    scope: 'Cluster',
    names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties: { text: { type: 'string', maxLength } } } },
      },
    ],
  },
});

const thing = (name: string): object => ({
  apiVersion: 'example.org/v1',
  kind: 'Thing',
  metadata: { name },
  text: 'long',
});

/** Whether an object that a later rule refuses can be written where that rule has no say. */
async function ratchets(): Promise<boolean> {
  await cluster.admin.expect({ method: 'POST', path: crds, body: thingsUpTo(9) });
  await until('things to be served', serves(things));
  await cluster.admin.expect({ method: 'POST', path: things, body: thing('old') });
  await cluster.admin.expect({
    method: 'PATCH',
    path: `${crds}/things.example.org`,
    body: thingsUpTo(1),
    type: 'merge',
  });
  await until(
    'the rule',
    async () => !(await takes({ method: 'POST', path: `${things}?dryRun=All`, body: thing('new') })),
  );
  const body = { metadata: { labels: { team: 'blue' } } };
  return takes({ method: 'PATCH', path: `${things}/old`, body, type: 'merge' });
}

const stores = (externalIP: string): Promise<boolean> =>
  takes({
    method: 'POST',
    path: '/api/v1/namespaces/default/services?dryRun=All',
    body: { metadata: { name: 'web' }, spec: { ports: [{ port: 80 }], externalIPs: [externalIP] } },
  });

/** By id of the row. */
const probes: Readonly<Record<string, Probe>> = {
  'optional-types': compiles("object.?spec.?type.orValue('') != 'x'"),
  quantity: compiles("quantity('1Gi').isGreaterThan(quantity('1Mi'))"),
  'admission-policies': serves(policies),
  ratcheting: ratchets,
  ip: compiles("cidr('192.0.2.0/24').containsIP(ip('192.0.2.1'))"),
  'service-cidr': serves('/apis/networking.k8s.io/v1/servicecidrs'),
  'mutating-policies': serves('/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicies'),
  'strict-addresses': async () => (await stores('203.0.113.10')) && !(await stores('203.0.113.010')),
};

it('is asked for every row', () => {
  expect(Object.keys(probes).sort()).toEqual(kubernetesFeatures.map(({ id }) => id).sort());
});

it(`runs Kubernetes ${kubernetes}`, async () => {
  const { major, minor } = await cluster.admin.expect<{ major: string; minor: string }>({
    method: 'GET',
    path: '/version',
  });
  expect(`${major}.${minor}`).toBe(kubernetes);
});

describe(`Kubernetes ${kubernetes}`, () => {
  it.each(
    kubernetesFeatures.map(({ id, what, since }) => {
      const isThere = isSince(kubernetes, since);
      return [isThere ? 'has' : 'lacks', what, id, isThere] as const;
    }),
  )('%s %s', async (_, __, id, isThere) => {
    expect(await probes[id]?.()).toBe(isThere);
  });

  it('does not compile what is no CEL', async () => {
    expect(await compiles('nothing()')()).toBe(false);
  });
});
