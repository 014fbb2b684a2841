// A Service as grants see it: what it asks for, what it has, and which addresses it keeps from others.
import type { V1Service } from '@kubernetes/client-node';
import { addressInService } from '../api/addresses.ts';
import { fieldManager, requestAnnotations, serviceAnnotations } from '../api/metadata.ts';

/** An address of a Service, and the field that has it. */
export interface Claim {
  readonly address: string;
  readonly field: string;
}

/** A Service as grants see it; addresses in canonical form. */
export interface Standing {
  /** `namespace/name`. */
  readonly key: string;
  readonly namespace: string;
  readonly resourceVersion: string;
  /** RFC 3339. */
  readonly created: string;
  /** Undefined for what is no load balancer, too. */
  readonly loadBalancerClass: string | undefined;
  /** For example `TCP/80`. */
  readonly ports: readonly string[];
  /** Empty: it shares nothing. */
  readonly share: string;
  /** The request as it is written; undefined: none. */
  readonly request: string | undefined;
  /** The annotation that kube-vip reads, as it is written; undefined: none. */
  readonly grant: string | undefined;
  /** The operator wrote that annotation, and so may take it away. */
  readonly isGrantOurs: boolean;
  /** Addresses of the grant, and those that kube-vip published. */
  readonly held: ReadonlySet<string>;
  /** Every address that nobody else may have because of this Service, each once. */
  readonly claims: readonly Claim[];
}

const grantKey = serviceAnnotations.addresses;

const parsed = (texts: readonly string[]): readonly string[] =>
  texts.map((text) => addressInService(text.trim())).filter((address) => address !== undefined);

/** Addresses in the annotation that kube-vip reads. */
const granted = (text: string | undefined): readonly string[] => (text ? parsed(text.split(',')) : []);

const published = ({ status }: V1Service): readonly string[] =>
  parsed((status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []));

/**
 * The annotation counts whatever the type is: what was a load balancer may still be bound on a node. So does
 * spec.loadBalancerIP, which kube-vip reads where there is no annotation (pkg/instance/instance.go@v1.2.3).
 */
function claimsOf(service: V1Service, grant: string | undefined): readonly Claim[] {
  const { clusterIPs = [], externalIPs = [], loadBalancerIP = '' } = service.spec ?? {};
  const rows: readonly (readonly [field: string, addresses: readonly string[]])[] = [
    [`annotation ${grantKey}`, granted(grant)],
    ['status.loadBalancer', published(service)],
    ['spec.loadBalancerIP', parsed([loadBalancerIP])],
    ['spec.externalIPs', parsed(externalIPs)],
    ['spec.clusterIPs', parsed(clusterIPs)],
  ];
  const first = new Map<string, Claim>();
  for (const [field, addresses] of rows) {
    for (const address of addresses) {
      first.set(address, first.get(address) ?? { address, field });
    }
  }
  return [...first.values()];
}

type Identity = Pick<Standing, 'key' | 'namespace' | 'resourceVersion' | 'created' | 'isGrantOurs'>;

function identityOf({ metadata = {} }: V1Service): Identity {
  const { namespace = '', name = '', resourceVersion = '', managedFields = [] } = metadata;
  return {
    key: `${namespace}/${name}`,
    namespace,
    resourceVersion,
    // client-node's type has Date where the wire has text.
    created: String(metadata.creationTimestamp ?? ''),
    isGrantOurs: managedFields.some(({ manager }) => manager === fieldManager),
  };
}

const portsOf = ({ spec }: V1Service): readonly string[] =>
  (spec?.ports ?? []).map(({ protocol = 'TCP', port }) => `${protocol}/${port}`);

function read(service: V1Service): Standing {
  const { metadata: { annotations = {} } = {}, spec } = service;
  const isLoadBalancer = spec?.type === 'LoadBalancer';
  const grant = annotations[grantKey] || undefined;
  return {
    ...identityOf(service),
    loadBalancerClass: isLoadBalancer ? spec.loadBalancerClass : undefined,
    ports: portsOf(service),
    share: annotations[requestAnnotations.share] ?? '',
    request: annotations[requestAnnotations.addresses]?.trim() || undefined,
    grant,
    held: new Set([...granted(grant), ...(isLoadBalancer ? published(service) : [])]),
    claims: claimsOf(service, grant),
  };
}

// A Service is the same object until it changes, and there may be 20,000.
const known = new WeakMap<V1Service, Standing>();

/** The standing of a Service, read once as long as it does not change. */
export function standingOf(service: V1Service): Standing {
  const standing = known.get(service) ?? read(service);
  known.set(service, standing);
  return standing;
}

/** From the oldest Service to the youngest: who came first has the first choice. */
export const byAge = (a: Standing, b: Standing): number => {
  const [first, second] = [`${a.created} ${a.key}`, `${b.created} ${b.key}`];
  return first < second ? -1 : Number(first > second);
};
