// A Service as grants see it: what it asks for, what it has, and which addresses it keeps from others.
import type { V1Service } from '@kubernetes/client-node';
import { familyOf, type Family } from '../api/addresses.ts';
import { assignedAnnotation, fieldManager, requestAnnotations, serviceAnnotations } from '../api/metadata.ts';
import {
  addressesIn,
  annotationField,
  claimsOfService,
  externalField,
  isLoadBalancer,
  portsOf,
  publishedBy,
  serviceKey,
} from '../observed/services.ts';

/** An address of a Service, and the field that has it. */
export interface Claim {
  readonly address: string;
  readonly field: string;
  /** A kube-vip may have it on a node; else kube-proxy alone captures its traffic. */
  readonly isBound: boolean;
  /** Whoever made the Service may have written it: it counts where a KubeVipConfig serves the class, and nowhere else. */
  readonly isOnlyWritten: boolean;
  /** Granted to a load balancer that is none any more: kube-vip has forgotten it, and may have it on a node. */
  readonly isLeftBehind: boolean;
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
  /** The pool that it asks for, as it is written; undefined: any. */
  readonly pool: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** The request as it is written; undefined: none. */
  readonly request: string | undefined;
  /** Families of which it has an address inside the cluster, and so can have one outside; none when it is being deleted. */
  readonly families: readonly Family[];
  /** `RequireDualStack`: one address of each family, or none at all. */
  readonly needsBoth: boolean;
  /** The operator chose what it has: it was not asked for, and stays as long as the Service lives. */
  readonly isAssigned: boolean;
  /** The annotation that kube-vip reads, as it is written; undefined: none. */
  readonly grant: string | undefined;
  /** The operator wrote that annotation, and so may take it away. */
  readonly isGrantOurs: boolean;
  /** Addresses of the grant. */
  readonly granted: ReadonlySet<string>;
  /** Addresses that kube-vip published. */
  readonly published: ReadonlySet<string>;
  /** Addresses of the grant, and those that kube-vip published. */
  readonly held: ReadonlySet<string>;
  /** Every address that nobody else may have because of this Service, each once. */
  readonly claims: readonly Claim[];
}

/** Whether a class is ours by its name, with a KubeVipConfig or without one: only the operator grants in it. */
export const isOurByName = (loadBalancerClass: string | undefined): boolean =>
  loadBalancerClass?.startsWith('kubevip.dev/') ?? false;

type Grant = Pick<Standing, 'isGrantOurs' | 'granted'>;

/**
 * What the operator granted may be bound on a node, whatever the Service is today. What anybody else wrote into the same field
 * of a Service that is no load balancer says nothing.
 */
function grantClaims(service: V1Service, { isGrantOurs, granted }: Grant): readonly Claim[] {
  const counts = isGrantOurs && !isLoadBalancer(service);
  return [...(counts ? granted : [])].map((address) => ({
    address,
    field: annotationField,
    isBound: true,
    isOnlyWritten: false,
    isLeftBehind: true,
  }));
}

/** Of what others may have written, what is published or captured is real. */
function outsideClaims(service: V1Service, { isGrantOurs, granted }: Grant): readonly Claim[] {
  const real = new Set([...publishedBy(service), ...addressesIn(service.spec?.externalIPs ?? [])]);
  const isOurs = isOurByName(service.spec?.loadBalancerClass);
  return claimsOfService(service).map(({ address, field }) => ({
    address,
    field,
    isBound: field !== externalField,
    isOnlyWritten: !isOurs && !real.has(address) && !(isGrantOurs && granted.has(address)),
    isLeftBehind: false,
  }));
}

function insideClaims({ spec }: V1Service): readonly Claim[] {
  return addressesIn(spec?.clusterIPs ?? []).map((address) => ({
    address,
    field: 'spec.clusterIPs',
    isBound: false,
    isOnlyWritten: false,
    isLeftBehind: false,
  }));
}

function claimsOf(service: V1Service, grant: Grant): readonly Claim[] {
  const first = new Map<string, Claim>();
  for (const claim of [
    ...grantClaims(service, grant),
    ...outsideClaims(service, grant),
    ...insideClaims(service),
  ]) {
    first.set(claim.address, first.get(claim.address) ?? claim);
  }
  return [...first.values()];
}

type Identity = Pick<Standing, 'key' | 'namespace' | 'resourceVersion' | 'created' | 'isGrantOurs'>;

function identityOf(service: V1Service): Identity {
  const {
    namespace = '',
    resourceVersion = '',
    creationTimestamp = '',
    managedFields = [],
  } = service.metadata ?? {};
  return {
    key: serviceKey(service),
    namespace,
    resourceVersion,
    // client-node's type has Date where the wire has text.
    created: String(creationTimestamp),
    // Of that list the view keeps an entry only where it owns the annotation.
    isGrantOurs: managedFields.some(({ manager }) => manager === fieldManager),
  };
}

type Annotations = Readonly<Record<string, string>>;

const asksOf = (annotations: Annotations): Pick<Standing, 'share' | 'request' | 'pool'> => ({
  pool: annotations[requestAnnotations.pool]?.trim() || undefined,
  share: annotations[requestAnnotations.share] ?? '',
  request: annotations[requestAnnotations.addresses]?.trim() || undefined,
});

type Granted = Pick<Standing, 'grant' | 'granted' | 'isAssigned'>;

function grantOf(annotations: Annotations): Granted {
  const grant = annotations[serviceAnnotations.addresses] || undefined;
  return {
    grant,
    granted: new Set(addressesIn(grant?.split(',') ?? [])),
    isAssigned: (annotations[assignedAnnotation] ?? '') !== '',
  };
}

// The API server fills both in. Without them a Service has one address inside the cluster, of IPv4 in most clusters. One that is
// being deleted needs no address any more.
function stackOf({ metadata, spec }: V1Service): Pick<Standing, 'families' | 'needsBoth'> {
  const { ipFamilies = [], ipFamilyPolicy } = spec ?? {};
  const named = new Set(ipFamilies.filter((name) => name === 'IPv4' || name === 'IPv6'));
  const families: readonly Family[] = named.size > 0 ? [...named] : ['IPv4'];
  return {
    families: metadata?.deletionTimestamp === undefined ? families : [],
    needsBoth: ipFamilyPolicy === 'RequireDualStack',
  };
}

function read(service: V1Service): Standing {
  const annotations = service.metadata?.annotations ?? {};
  const [identity, grant] = [identityOf(service), grantOf(annotations)];
  const isServed = isLoadBalancer(service);
  const published = new Set(isServed ? publishedBy(service) : []);
  return {
    ...identity,
    ...asksOf(annotations),
    ...grant,
    ...stackOf(service),
    labels: service.metadata?.labels ?? {},
    loadBalancerClass: isServed ? service.spec?.loadBalancerClass : undefined,
    ports: portsOf(service),
    published,
    held: new Set([...grant.granted, ...published]),
    claims: claimsOf(service, { ...identity, ...grant }),
  };
}

/** Whether kube-vip has not published yet all that the operator granted: it may be at work on it. */
export const isUnderWay = ({ loadBalancerClass, isGrantOurs, granted, published }: Standing): boolean =>
  loadBalancerClass !== undefined && isGrantOurs && [...granted].some((address) => !published.has(address));

/**
 * Families of which the operator has to choose an address: of a Service that asks for nothing and has none, and of one that requires
 * both and was given one. What is only published came from elsewhere, and is left alone.
 */
export function familiesToChoose(standing: Standing): readonly Family[] {
  const { request, families, needsBoth, held, granted, isGrantOurs } = standing;
  if (standing.loadBalancerClass === undefined || request !== undefined) {
    return [];
  }
  if (held.size === 0) {
    return families;
  }
  const has = new Set([...granted].map(familyOf));
  return needsBoth && isGrantOurs && granted.size > 0 ? families.filter((family) => !has.has(family)) : [];
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
