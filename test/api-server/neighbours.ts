// What other load balancers leave in a cluster: their CRDs, with no more of a schema than is read.
import type { TestCluster } from './cluster.ts';
import { until } from './until.ts';

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope: 'Cluster' | 'Namespaced';
}

const kinds: readonly Kind[] = [
  {
    group: 'metallb.io',
    version: 'v1beta1',
    kind: 'IPAddressPool',
    plural: 'ipaddresspools',
    scope: 'Namespaced',
  },
  {
    group: 'cilium.io',
    version: 'v2alpha1',
    kind: 'CiliumLoadBalancerIPPool',
    plural: 'ciliumloadbalancerippools',
    scope: 'Cluster',
  },
  {
    group: 'cilium.io',
    version: 'v2alpha1',
    kind: 'CiliumL2AnnouncementPolicy',
    plural: 'ciliuml2announcementpolicies',
    scope: 'Cluster',
  },
];

function crdOf({ group, version, kind, plural, scope }: Kind): object {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  };
}

/** MetalLB's and Cilium's kinds; resolves when the API server serves and announces them. */
export async function installNeighbours({ admin }: Pick<TestCluster, 'admin'>): Promise<void> {
  for (const kind of kinds) {
    await admin.expect({ method: 'POST', path: crds, body: crdOf(kind) });
  }
  for (const { group, version, plural } of kinds) {
    await until(`${plural} to be served`, async () => {
      const { status } = await admin.send({ method: 'GET', path: `/apis/${group}/${version}/${plural}` });
      const { groups } = await admin.expect<{ groups: readonly { name: string }[] }>({
        method: 'GET',
        path: '/apis',
      });
      return status === 200 && groups.some(({ name }) => name === group);
    });
  }
}

/** A Node as a kubelet of a control plane registers it, without an address. */
export const controlPlaneNode = (name: string): object => ({
  metadata: { name, labels: { 'kubernetes.io/os': 'linux', 'node-role.kubernetes.io/control-plane': '' } },
});
