// Checks of Services of our class that were there before the admission policies, which refuse only what a write adds.
import type { V1Service } from '@kubernetes/client-node';
import { canonicalAddress } from '../../api/addresses.ts';
import { serviceAnnotations } from '../../api/metadata.ts';
import { commonEntries } from '../../api/pool-rules.ts';
import { serviceName } from '../../observed/services.ts';
import { configName, type Check, type Facts, type Finding } from './check.ts';

interface Demand {
  readonly annotation: string;
  readonly what: string;
  /** Whether kube-vip acts on this value. */
  readonly counts: (value: string) => boolean;
  /** What kube-vip does then, as a clause after `kube-vip`. */
  readonly effect: string;
}

// As the policy service-features reads them: what Go does not take for false.
const isOn = (value: string): boolean => value !== '' && value !== 'false';
const isThere = (): boolean => true;
const namesOf = (value: string): readonly string[] =>
  value
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '');
const unspecified = ['0.0.0.0', '::'];

/** pkg/kubevip/annotations.go, pkg/services/processor.go and pkg/instance/instance.go@v1.2.3. */
const demands: readonly Demand[] = [
  {
    annotation: serviceAnnotations.egress,
    what: 'egress',
    counts: isOn,
    effect:
      'rewrites the source of what its pods send, by packet filter rules of the node that may stay behind',
  },
  {
    annotation: serviceAnnotations.upnp,
    what: 'UPnP',
    counts: isOn,
    effect: 'has a router forward its ports from outside, where UPnP is on',
  },
  {
    annotation: serviceAnnotations.dynamicDns,
    what: 'dynamic DNS',
    counts: isOn,
    effect: 'registers a name for it by DHCP',
  },
  {
    annotation: serviceAnnotations.ownElection,
    what: 'an election of its own',
    counts: isOn,
    effect: 'of v1.2.2 and later does not serve it at all',
  },
  {
    annotation: serviceAnnotations.ownLease,
    what: 'a Lease of its own',
    counts: isThere,
    effect: 'of v1.0.1 and later refuses it with policy Local, and elsewhere has one Lease for all Services',
  },
  {
    annotation: serviceAnnotations.hostName,
    what: 'DHCP under a host name',
    counts: isOn,
    effect: 'takes whatever address DHCP gives for that name',
  },
  {
    annotation: serviceAnnotations.addresses,
    what: 'DHCP',
    counts: (value) => namesOf(value).some((text) => unspecified.includes(text)),
    effect: 'takes an address from DHCP, whose lease can run out or leak',
  },
  {
    annotation: serviceAnnotations.addresses,
    what: 'an address by name',
    counts: (value) =>
      namesOf(value).some((text) => !unspecified.includes(text) && canonicalAddress(text) === undefined),
    effect: 'follows the name, or does not serve it',
  },
];

const shown = 64;

const place = ({ metadata }: V1Service): string => `-n ${metadata?.namespace} service ${metadata?.name}`;

function annotated(facts: Facts, service: V1Service): readonly Finding[] {
  return demands.flatMap(({ annotation, what, counts, effect }) => {
    const value = service.metadata?.annotations?.[annotation];
    return value === undefined || !counts(value)
      ? []
      : [
          {
            object: serviceName(service),
            found: `asks for ${what}`,
            detail: `With ${value === '' ? 'an empty text' : value.slice(0, shown)} in annotation ${annotation}, kube-vip ${effect}`,
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

function poolsInCommon(facts: Facts): readonly Finding[] {
  const { config, configs } = facts.snapshot;
  return configs
    .filter(({ metadata }) => metadata.name !== config.metadata.name)
    .flatMap((other) => {
      const [mine, theirs] = commonEntries(config, other) ?? [];
      return mine === undefined || theirs === undefined
        ? []
        : [
            {
              object: `KubeVipConfig/${other.metadata.name}`,
              found: 'has addresses of a pool of this one',
              detail: `Its entry ${theirs.text} of pool ${theirs.pool} has addresses of ${mine.text} of pool ${mine.pool}. The older of the two grants them, and the other one does not`,
              expected: `each address in a pool of one KubeVipConfig`,
            },
          ];
    });
}

/** Whether Services of the class ask for what the operator does not offer, and whether its pools are its own. */
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
    id: 'pools-are-own',
    question: 'Does another KubeVipConfig have an address of a pool of this one?',
    severity: 'warns',
    find: poolsInCommon,
    remedy: 'take the addresses out of one of the two',
    links: ['two-installs-same-vip'],
  },
];
