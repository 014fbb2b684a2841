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

/** A CRD whose one rule takes texts up to this length. */
function thingsUpTo(length: number): object {
  const text = {
    type: 'string',
    maxLength: 9,
    'x-kubernetes-validations': [{ rule: `size(self) <= ${length}` }],
  };
  const status = { type: 'object', properties: { seen: { type: 'boolean' } } };
  const openAPIV3Schema = { type: 'object', properties: { text, status } };
  const schema = { openAPIV3Schema };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.example.org' },
    spec: {
      group: 'example.org',
      scope: 'Cluster',
      names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
      versions: [{ name: 'v1', served: true, storage: true, schema, subresources: { status: {} } }],
    },
  };
}

const thing = (name: string): object => ({
  apiVersion: 'example.org/v1',
  kind: 'Thing',
  metadata: { name },
  text: 'long',
});

/** Stores an object, and then the rule that refuses it. */
async function storeThing(): Promise<void> {
  await cluster.admin.expect({ method: 'POST', path: crds, body: thingsUpTo(9) });
  await until('things to be served', serves(things));
  await cluster.admin.expect({ method: 'POST', path: things, body: thing('old') });
  const [path, body] = [`${crds}/things.example.org`, thingsUpTo(1)];
  await cluster.admin.expect({ method: 'PATCH', path, body, type: 'merge' });
  const another: AdminRequest = { method: 'POST', path: `${things}?dryRun=All`, body: thing('new') };
  await until('the rule', async () => !(await takes(another)));
}

let stored: Promise<void> | undefined;

/** Whether that object can be written where the rule has no say. */
const ratchets =
  (subresource: string, body: object): Probe =>
  async () => {
    await (stored ??= storeThing());
    return takes({ method: 'PATCH', path: `${things}/old${subresource}`, body, type: 'merge' });
  };

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
  ratcheting: ratchets('', { metadata: { labels: { team: 'blue' } } }),
  'ratcheting-of-status': ratchets('/status', { status: { seen: true } }),
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
