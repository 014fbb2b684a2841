// Checks of the pools that a KubeVipConfig gives Services addresses of: no other KubeVipConfig and no other Service has these.
import { addressValue } from '../../api/address-range.ts';
import { commonEntries, sharersOf } from '../../api/pool-rules.ts';
import { RangeSet } from '../../grants/range-set.ts';
import { oncePer } from '../../observed/once.ts';
import { externalField, type ServiceClaim, type ServiceIndex } from '../../observed/services.ts';
import { configName, type Check, type Facts, type Finding } from './check.ts';

/** The addresses of the pools of a spec, each range with the name of its pool. */
export const poolSet = ({ services }: Facts['spec']): RangeSet =>
  new RangeSet(
    (services?.pools ?? []).flatMap(({ name, addresses }) =>
      addresses.map((range) => [range, name] as const),
    ),
  );

// Each of hundreds of configs would look at all others.
const sharers = oncePer(sharersOf);

function poolsInCommon(facts: Facts): readonly Finding[] {
  const { config, configs } = facts.snapshot;
  return [...(sharers(configs).get(config.metadata.name) ?? [])]
    .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name))
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

const isPublished = ({ field }: ServiceClaim): boolean => field === 'status.loadBalancer.ingress';

/** What kube-proxy captures, and what is published. What somebody only wrote for a load balancer keeps no address from others. */
const realClaims = oncePer(({ byAddress }: ServiceIndex): readonly ServiceClaim[] =>
  [...byAddress.values()].flat().filter((claim) => claim.field === externalField || isPublished(claim)),
);

/** Whoever may create Services can make thousands of them. */
const mostNamed = 16;

function elsewhere(facts: Facts): readonly Finding[] {
  const { spec, services } = facts;
  const [pools, seen] = [poolSet(spec), new Set<string>()];
  const ours = spec.services?.loadBalancerClass;
  return (spec.services?.pools ?? []).length === 0
    ? []
    : realClaims(services)
        .filter((claim) => !(isPublished(claim) && claim.loadBalancerClass === ours))
        .filter(({ address }) => {
          const value = addressValue(address);
          return value !== undefined && pools.find(value) !== undefined;
        })
        .filter(({ service }) => seen.size < seen.add(service).size)
        .slice(0, mostNamed)
        .map(({ service, address, field }) => ({
          object: `Service/${service}`,
          found: `has ${address} of a pool in ${field}`,
          detail: 'It had that before the pool, and no Service gets the address while it has it',
          expected: `no address of a pool of ${configName(facts)} in a Service of another class`,
        }));
}

const kubeletPort = 'TCP/10250';

/** kube-proxy answers there in the place of the kubelet, so it tells nothing of the network. */
function captured({ services, nodeAddresses }: Facts): readonly Finding[] {
  return realClaims(services)
    .filter(({ address, ports }) => nodeAddresses.has(address) && ports.includes(kubeletPort))
    .slice(0, mostNamed)
    .map(({ service, address, field }) => ({
      object: `Service/${service}`,
      found: `has port 10250 of ${address}`,
      detail: `That is an address of node ${nodeAddresses.get(address)?.node}, and the Service has it in ${field}. The operator asks that node at other ports, which a firewall may drop, and grants nothing where no node answers`,
      expected: 'port 10250 of nodes to lead to their kubelets',
    }));
}

/** Whether pools are their own, and whether it can be asked if their addresses are free. */
export const poolChecks: readonly Check[] = [
  {
    id: 'pools-are-own',
    question: 'Does another KubeVipConfig have an address of a pool of this one?',
    severity: 'warns',
    find: poolsInCommon,
    remedy: 'take the addresses out of one of the two',
    links: ['two-installs-same-vip'],
  },
  {
    id: 'pool-address-is-elsewhere',
    question: 'Did a Service have an address of a pool before the pool, for example in `externalIPs`?',
    severity: 'warns',
    find: elsewhere,
    remedy: 'take it out of that Service, or out of the pool',
    links: ['service-takes-any-address'],
  },
  {
    id: 'kubelet-port-is-captured',
    question:
      'Does a Service have port 10250 of a node, where the operator asks whether the network can be heard?',
    severity: 'warns',
    find: captured,
    remedy: 'take the address of the node out of that Service',
    links: ['kubernetes/kubernetes#97076'],
  },
];
