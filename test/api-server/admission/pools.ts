// Pools of addresses in a KubeVipConfig, for tests of the policies.
import type { AnySpec } from '../builders.ts';
import { paths, untilServed } from '../cluster.ts';
import type { Fence } from './fence.ts';

/** A pool as a spec has it. */
export interface Pool {
  readonly name: string;
  readonly addresses: readonly string[];
}

/** A spec with pools for its Services. */
export const withPools = (spec: AnySpec, pools: readonly Pool[]): AnySpec => ({
  ...spec,
  services: { ...(spec['services'] as object), pools },
});

interface Crd {
  readonly spec: {
    readonly versions: readonly {
      readonly schema: { readonly openAPIV3Schema: { readonly properties: { readonly spec: Schema } } };
    }[];
  };
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}

const schema = {
  type: 'array',
  items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
};

/** Lets the API server serve spec.services.pools where the CRD does not have it. */
export async function servePools({ admin, api }: Pick<Fence, 'admin' | 'api'>): Promise<void> {
  const { spec } = await admin.expect<Crd>({ method: 'GET', path: paths.crd });
  const services = spec.versions[0]?.schema.openAPIV3Schema.properties.spec.properties?.['services'];
  if (services?.properties?.['pools'] !== undefined) {
    return;
  }
  const path = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/services/properties/pools';
  const body = [{ op: 'add', path, value: schema }];
  await admin.expect({ method: 'PATCH', path: paths.crd, body, type: 'patch' });
  // A watch that began before reads by the former schema, without pools, for as long as it lasts; so do the policies.
  await api.stopApi();
  await api.startApi();
  await untilServed(admin);
}
