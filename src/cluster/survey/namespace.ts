// Our own namespace, the networks and release of the cluster, and what the accounts of kube-vip may do.
import type { KubernetesObject, V1ResourceQuota } from '@kubernetes/client-node';
import { systemNamespace } from '../../api/metadata.ts';
import { componentPermissions, type Permission } from '../../catalog/component-permissions.ts';
import { listAll } from '../pages.ts';
import { attempt, getObject, type Part, type Reader } from './parts.ts';

async function list<T extends KubernetesObject>(
  reader: Reader,
  path: string,
  fieldSelector?: string,
): Promise<readonly T[] | undefined> {
  const listed = await attempt(reader, path, () => listAll(reader.http, { path, fieldSelector }));
  return listed?.items as readonly T[] | undefined;
}

// As it is sent: client-node's own type renames `default`.
interface LimitRange extends KubernetesObject {
  readonly spec?: {
    readonly limits?: readonly { readonly default?: object; readonly defaultRequest?: object }[];
  };
}

/** Resources that a container gets without asking, for example `limits.memory`. A limit is a request too. */
function defaultsOf({ spec }: LimitRange): readonly string[] {
  return (spec?.limits ?? []).flatMap((row) => [
    ...Object.keys(row.default ?? {}).flatMap((name) => [`limits.${name}`, `requests.${name}`]),
    ...Object.keys(row.defaultRequest ?? {}).map((name) => `requests.${name}`),
  ]);
}

/** Reads Pod Security labels, quotas and limit ranges of the namespace of the components. */
export const namespace: Part = async (reader) => {
  const inNamespace = `/api/v1/namespaces/${systemNamespace}`;
  const [namespaces, quotas, limits] = await Promise.all([
    list(reader, '/api/v1/namespaces', `metadata.name=${systemNamespace}`),
    list<V1ResourceQuota>(reader, `${inNamespace}/resourcequotas`),
    list<LimitRange>(reader, `${inNamespace}/limitranges`),
  ]);
  const [ours] = namespaces ?? [];
  return {
    namespaceLabels: ours && { ...ours.metadata?.labels },
    quotas: (quotas ?? []).map(({ metadata, spec, status }) => ({
      name: metadata?.name ?? '',
      hard: { ...spec?.hard },
      used: { ...status?.used },
      isScoped: spec?.scopes !== undefined || spec?.scopeSelector !== undefined,
    })),
    limitDefaults: (limits ?? []).flatMap(defaultsOf),
  };
};

interface ServiceCidr extends KubernetesObject {
  readonly spec?: { readonly cidrs?: readonly string[] };
}

/** Reads the version of the API server and the networks of Services. */
export const cluster: Part = async (reader) => {
  const [version, ranges] = await Promise.all([
    getObject<{ readonly gitVersion?: string }>(reader, 'version', '/version'),
    list<ServiceCidr>(reader, '/apis/networking.k8s.io/v1/servicecidrs'),
  ]);
  return {
    serverVersion: version?.gitVersion?.replace(/^v/, '') ?? '',
    serviceRanges: (ranges ?? []).flatMap(({ spec }) => spec?.cidrs ?? []),
  };
};

interface Review {
  readonly status?: { readonly allowed?: boolean };
}

async function isAllowed(reader: Reader, permission: Permission, verb: string): Promise<boolean> {
  const { component, namespace: where, group, resource } = permission;
  const [name, subresource] = resource.split('/');
  const accounts = `system:serviceaccounts:${systemNamespace}`;
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      user: `system:serviceaccount:${systemNamespace}:kube-vip-${component}`,
      groups: ['system:serviceaccounts', accounts, 'system:authenticated'],
      resourceAttributes: {
        verb,
        group,
        resource: name,
        ...(subresource && { subresource }),
        ...(where && { namespace: where }),
      },
    },
  };
  const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
  const what = 'what the accounts of kube-vip may do';
  const review = await attempt(reader, what, () => reader.http.send<Review>({ method: 'POST', path, body }));
  if (review !== undefined && review.status?.allowed === undefined) {
    reader.doubt(what, 'The API server answers without saying whether it is allowed');
  }
  return review?.status?.allowed ?? true;
}

/** Asks the API server what the accounts of kube-vip may not do. Needs no right of theirs. */
export const permissions: Part = async (reader) => {
  const asked = componentPermissions.flatMap((row) => row.verbs.map((verb) => ({ row, verb })));
  const answers = await Promise.all(
    asked.map(async ({ row, verb }) => ({ row, verb, allowed: await isAllowed(reader, row, verb) })),
  );
  return {
    lackedPermissions: answers
      .filter(({ allowed }) => !allowed)
      .map(({ row, verb }) => `kube-vip-${row.component}: ${verb} ${row.resource}`),
  };
};
