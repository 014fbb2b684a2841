// What other load balancers leave in a cluster: their CRDs, with the fields that are read and no others. The API server
// prunes what a schema does not have, so a field that is misspelt, here or where it is read, is not found.
import type { JsonSchema } from '../../src/api/json-schema.ts';
import type { TestCluster } from './cluster.ts';
import { until } from './until.ts';

type Cluster = Pick<TestCluster, 'admin'>;
type Properties = Readonly<Record<string, JsonSchema>>;

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

const text: JsonSchema = { type: 'string' };
const flag: JsonSchema = { type: 'boolean' };
const object = (properties: Properties): JsonSchema => ({ type: 'object', properties });
const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items });

const serviceSelector = object({
  matchLabels: { type: 'object', additionalProperties: text },
  matchExpressions: list({
    ...object({ key: text, operator: text, values: list(text) }),
    required: ['key', 'operator'],
  }),
});
const blocks = list(object({ cidr: text, start: text, stop: text }));
const ciliumPool: Properties = { blocks, disabled: flag, serviceSelector };

interface Kind {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope: 'Cluster' | 'Namespaced';
  /** Fields of the spec by version; the last one is stored. */
  readonly versions: Readonly<Record<string, Properties>>;
}

const ciliumPools: Kind = {
  group: 'cilium.io',
  kind: 'CiliumLoadBalancerIPPool',
  plural: 'ciliumloadbalancerippools',
  scope: 'Cluster',
  // The older one in the form of releases that still had cidrs, which blocks took the place of.
  versions: { v2alpha1: { ...ciliumPool, cidrs: list(object({ cidr: text })) }, v2: ciliumPool },
};

const kinds: readonly Kind[] = [
  {
    group: 'metallb.io',
    kind: 'IPAddressPool',
    plural: 'ipaddresspools',
    scope: 'Namespaced',
    versions: { v1beta1: { addresses: list(text) } },
  },
  ciliumPools,
  {
    group: 'cilium.io',
    kind: 'CiliumL2AnnouncementPolicy',
    plural: 'ciliuml2announcementpolicies',
    scope: 'Cluster',
    versions: { v2alpha1: { loadBalancerIPs: flag, serviceSelector } },
  },
];

const versionsOf = ({ versions }: Kind, served: readonly string[]): readonly object[] =>
  Object.entries(versions).map(([name, fields]) => ({
    name,
    served: served.includes(name),
    storage: name === served.at(-1),
    schema: { openAPIV3Schema: object({ spec: object(fields) }) },
  }));

const crdOf = (row: Kind): object => ({
  metadata: { name: `${row.plural}.${row.group}` },
  spec: {
    group: row.group,
    scope: row.scope,
    names: { kind: row.kind, plural: row.plural, singular: row.kind.toLowerCase() },
    versions: versionsOf(row, Object.keys(row.versions)),
  },
});

/** Resolves when the API server serves just these versions, and announces the group. */
async function untilServed(
  { admin }: Cluster,
  { group, plural, versions }: Kind,
  served: readonly string[],
): Promise<void> {
  for (const version of Object.keys(versions)) {
    const wanted = served.includes(version) ? 200 : 404;
    await until(`${plural} ${version} to answer ${wanted}`, async () => {
      const { status } = await admin.send({ method: 'GET', path: `/apis/${group}/${version}/${plural}` });
      return status === wanted;
    });
  }
  await until(`${group} to be announced`, async () => {
    const { groups } = await admin.expect<{ groups: readonly { name: string }[] }>({
      method: 'GET',
      path: '/apis',
    });
    return groups.some(({ name }) => name === group);
  });
}

/** MetalLB's and Cilium's kinds, in every version; resolves when the API server serves and announces them. */
export async function installNeighbours(cluster: Cluster): Promise<void> {
  for (const kind of kinds) {
    await cluster.admin.expect({ method: 'POST', path: crds, body: crdOf(kind) });
  }
  for (const kind of kinds) {
    await untilServed(cluster, kind, Object.keys(kind.versions));
  }
}

/** Has Cilium's pools served in these versions only, as one release or another does. */
export async function serveCiliumPools(cluster: Cluster, served: readonly string[]): Promise<void> {
  const path = `${crds}/${ciliumPools.plural}.${ciliumPools.group}`;
  const body = { spec: { versions: versionsOf(ciliumPools, served) } };
  await cluster.admin.expect({ method: 'PATCH', path, body, type: 'merge' });
  await untilServed(cluster, ciliumPools, served);
}

/** A Node as a kubelet of a control plane registers it, without an address. */
export const controlPlaneNode = (name: string): object => ({
  metadata: { name, labels: { 'kubernetes.io/os': 'linux', 'node-role.kubernetes.io/control-plane': '' } },
});
