// Checks of Services of our class that were there before the admission policies, which refuse only what a write adds.
import type { V1Service } from '@kubernetes/client-node';
import { addressInService, canonicalAddress } from '../../api/addresses.ts';
import { serviceAnnotations } from '../../api/metadata.ts';
import { addressValue } from '../../api/address-range.ts';
import { capital, itemsOf } from '../../api/words.ts';
import { serviceAnnotationRows } from '../../catalog/service-annotations.ts';
import { standingOf } from '../../grants/standing.ts';
import type { RangeSet } from '../../grants/range-set.ts';
import { annotationField, publishedBy, serviceName } from '../../observed/services.ts';
import { configName, type Check, type Facts, type Finding } from './check.ts';
import { poolSet } from './pools.ts';

interface Demand {
  readonly annotation: string;
  readonly found: string;
  /** Whether kube-vip acts on this value. */
  readonly counts: (value: string) => boolean;
  /** What comes of it, as a clause. */
  readonly effect: string;
}

// As the policy service-requests reads a switch: it is off, as if it was not there, when it is empty or false.
const isOn = (value: string): boolean => value !== '' && value !== 'false';
const isThere = (): boolean => true;
const unspecified = ['0.0.0.0', '::'];

/** What no account may write. */
const refused: readonly Demand[] = serviceAnnotationRows
  .filter(({ writers }) => writers === 'none')
  .map(({ key, isSwitch, because }) => ({
    annotation: key,
    found: `has annotation ${key}`,
    counts: isSwitch ? isOn : isThere,
    effect: because,
  }));

/** Of the annotation with the grant, the values that the operator never writes (pkg/instance/instance.go@v1.2.3). */
const noGrants: readonly Demand[] = [
  {
    annotation: serviceAnnotations.addresses,
    found: 'asks kube-vip for DHCP',
    counts: (value) => itemsOf(value).some((text) => unspecified.includes(text)),
    effect: 'it makes kube-vip take an address from DHCP, whose lease can run out or leak',
  },
  {
    annotation: serviceAnnotations.addresses,
    found: 'asks kube-vip for an address by name',
    counts: (value) =>
      itemsOf(value).some((text) => !unspecified.includes(text) && canonicalAddress(text) === undefined),
    effect: 'it makes kube-vip follow the name, or not serve the Service',
  },
];

const demands = [...refused, ...noGrants];

const shown = 64;

const place = ({ metadata }: V1Service): string => `-n ${metadata?.namespace} service ${metadata?.name}`;

const inWords = (value: string): string => (value === '' ? 'empty' : value.slice(0, shown));

function annotated(facts: Facts, service: V1Service): readonly Finding[] {
  return demands.flatMap(({ annotation, found, counts, effect }) => {
    const value = service.metadata?.annotations?.[annotation];
    return value === undefined || !counts(value)
      ? []
      : [
          {
            object: serviceName(service),
            found,
            detail: `${capital(effect)}. Annotation ${annotation} is ${inWords(value)}`,
            expected: `nothing that ${configName(facts)} does not offer`,
            todo:
              annotation === serviceAnnotations.addresses
                ? `let it list literal addresses: kubectl annotate --overwrite ${place(service)} ${annotation}=ADDRESS`
                : `remove it: kubectl annotate ${place(service)} ${annotation}-`,
          },
        ];
  });
}

function local(facts: Facts, service: V1Service): readonly Finding[] {
  return service.spec?.externalTrafficPolicy === 'Local'
    ? [
        {
          object: serviceName(service),
          found: 'has spec.externalTrafficPolicy Local',
          detail: `One node holds all addresses of class ${facts.spec.services?.loadBalancerClass}. With Local it drops what it has no endpoint for`,
          expected: 'spec.externalTrafficPolicy Cluster',
          todo: `set it to Cluster: kubectl patch ${place(service)} -p '{"spec":{"externalTrafficPolicy":"Cluster"}}'`,
        },
      ]
    : [];
}

/** What kube-vip would take of a Service: of the two fields the second counts where the first is empty. */
function requestOf({ metadata, spec }: V1Service): readonly [field: string, items: readonly string[]] {
  const items = itemsOf(metadata?.annotations?.[serviceAnnotations.addresses]);
  return items.length > 0 ? [annotationField, items] : ['spec.loadBalancerIP', itemsOf(spec?.loadBalancerIP)];
}

/**
 * Whether kube-vip would take something that the Service never had: what it publishes it has, and what the operator wrote was
 * looked at. Any account may have written in the operator's name before the policies were there, so that alone is no proof.
 */
function isUngranted(service: V1Service, text: string, pools: RangeSet): boolean {
  const published = publishedBy(service);
  const address = addressInService(text);
  if (address === undefined) {
    return published.length === 0;
  }
  const value = addressValue(address);
  const isOffered = value !== undefined && pools.find(value) !== undefined;
  return !published.includes(address) && !(isOffered && standingOf(service).isGrantOurs);
}

function ungranted({ servedServices, spec }: Facts): readonly Finding[] {
  const pools = poolSet(spec);
  return servedServices.flatMap((service) => {
    const [field, items] = requestOf(service);
    const text = items.find((item) => isUngranted(service, item, pools));
    return text === undefined
      ? []
      : [
          {
            object: serviceName(service),
            found: `asks kube-vip for ${text.slice(0, shown)}, which was never granted`,
            detail: 'kube-vip takes it from whoever has it, for example from the gateway',
            expected: `nothing in ${field} that the Service does not publish`,
          },
        ];
  });
}

/** Whether Services of the class ask for what the operator does not offer. */
export const serviceChecks: readonly Check[] = [
  {
    id: 'service-asks-for-more',
    question:
      'Does a Service of the class that is older than the policies ask for what a KubeVipConfig does not offer?',
    severity: 'warns',
    find: (facts) =>
      facts.servedServices.flatMap((service) => [...annotated(facts, service), ...local(facts, service)]),
    remedy: 'take it out of the Service',
    links: [
      'egress-snat',
      'local-without-svc-election',
      'common-lease-with-local',
      'dhcp-vip',
      'dns-vip',
      'upnp-and-mirror',
    ],
  },
  {
    id: 'service-asks-without-grant',
    question:
      'Does a Service of the class ask kube-vip for an address that it never had, and that the operator did not grant?',
    severity: 'blocks',
    holds: 'services',
    by: 'tenant',
    find: ungranted,
    remedy: 'delete the Service, and make it anew with kubevip.dev/addresses',
    links: ['service-takes-any-address', 'dns-vip'],
  },
];
