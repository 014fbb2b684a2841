// Checks of the pools: whether they have addresses of something else. The operator grants none of these, pool or not. So what runs is
// not held back, and a component that never ran waits until an administrator has looked.
import type { V1Node } from '@kubernetes/client-node';
import {
  addressOf,
  addressRange,
  overlap,
  type AddressRange,
  type AddressValue,
} from '../../api/address-range.ts';
import { list } from '../../api/words.ts';
import { valueOf } from '../../grants/grounds.ts';
import { overlapCheck } from '../../grants/other-balancers.ts';
import { hasAddress, offersOf, type Pool } from '../../grants/pools.ts';
import { RangeSet } from '../../grants/range-set.ts';
import { rangesOf, type Network } from '../../observed/neighbours/networks.ts';
import { isServed } from '../../observed/neighbours/other-pools.ts';
import { oncePer, oncePerPair } from '../../observed/once.ts';
import { configName, type Check, type Facts, type Finding } from './check.ts';

const shown = 3;

/** The first address of a range that a pool has and does not reserve; undefined: none. */
function firstIn({ ranges, reserved }: Pool, other: AddressRange): string | undefined {
  for (const { family, first, last } of ranges.filter((range) => overlap(range, other))) {
    const end = last < other.last ? last : other.last;
    for (let value = first > other.first ? first : other.first; value <= end;) {
      const left = reserved.endOf({ family, value });
      if (left === undefined) {
        return addressOf({ family, value });
      }
      value = left + 1n;
    }
  }
  return undefined;
}

interface Machine {
  readonly value: AddressValue;
  /** For example `node n1`. */
  readonly whose: string;
}

const machinesIn = (pool: Pool, machines: readonly Machine[]): readonly string[] =>
  machines
    .filter(({ value }) => hasAddress(pool, value) && pool.reserved.find(value) === undefined)
    .map(({ value, whose }) => `${addressOf(value)} of ${whose}`);

const machinesInPools = oncePerPair((machines: readonly Machine[], pools: readonly Pool[]) =>
  pools
    .map((pool) => ({ name: pool.name, found: machinesIn(pool, machines) }))
    .filter(({ found }) => found.length > 0),
);

const withMachines = (facts: Facts, machines: readonly Machine[]): readonly Finding[] =>
  machinesInPools(machines, offersOf(facts.snapshot.config)).map(({ name, found }) => ({
    object: `pool ${name}`,
    found: `has ${list(found, 1)}`,
    ...(found.length > 1 && { detail: `It has ${list(found, shown)}` }),
    expected: `addresses that only Services of ${configName(facts)} have`,
  }));

const nodesOf = oncePer((addresses: Facts['nodeAddresses']): readonly Machine[] =>
  [...addresses].map(([address, { node }]) => ({ value: valueOf(address), whose: `node ${node}` })),
);

const routersOf = oncePer((configs: Facts['snapshot']['configs']): readonly Machine[] => {
  const rows = configs.flatMap(({ status }) => status?.nodeProbe ?? []);
  const gateways = new Set(rows.flatMap((row) => row.gateways ?? []));
  return [...gateways].map((address) => ({ value: valueOf(address), whose: 'the default gateway of nodes' }));
});

const podRangesOf = oncePer(
  (nodes: readonly V1Node[]) =>
    new RangeSet(nodes.flatMap(({ spec }) => (spec?.podCIDRs ?? []).map((text) => [text, text] as const))),
);

function inNetwork(facts: Facts, of: Network): readonly Finding[] {
  const noted = [...new Set(rangesOf(facts, of))].flatMap((text) => {
    const range = addressRange(text);
    return range ? [{ text, range }] : [];
  });
  return offersOf(facts.snapshot.config).flatMap((pool) => {
    const ofNodes = pool.ranges.flatMap((row) =>
      of === 'pods' ? podRangesOf(facts.snapshot.nodes).within(row) : [],
    );
    const ranges = [...noted, ...ofNodes.map((range) => ({ text: 'of the nodes', range }))];
    const [found] = ranges.flatMap(({ text, range }) => {
      const address = firstIn(pool, range);
      return address === undefined ? [] : [{ text, address }];
    });
    return found === undefined
      ? []
      : [
          {
            object: `pool ${pool.name}`,
            found: `has ${found.address} of the network of ${of} ${found.text}`,
            expected: `addresses outside the networks of the cluster for Services of ${configName(facts)}`,
          },
        ];
  });
}

function ofOthers(facts: Facts): readonly Finding[] {
  return facts.survey.pools.flatMap((other) => {
    const isTold = isServed(other, facts.survey.workloads);
    const [common] = offersOf(facts.snapshot.config).flatMap((pool) =>
      other.ranges.flatMap((text) => {
        const range = addressRange(text.trim());
        const address = range && firstIn(pool, range);
        return address === undefined ? [] : [{ pool: pool.name, text, address }];
      }),
    );
    return common === undefined
      ? []
      : [
          {
            object: other.object,
            found: `has ${common.address} of pool ${common.pool}`,
            detail: `Its range ${common.text} has it. ${isTold ? 'Two programs give it away' : `No speaker of MetalLB is seen in namespace ${other.namespace}, so any tenant can have made it`}`,
            expected: `each address in a pool of one program, and those of ${configName(facts)} in no other`,
            onlyWarns: !isTold,
          },
        ];
  });
}

function unreadRanges(facts: Facts): readonly Finding[] {
  const hasPools = offersOf(facts.snapshot.config).length > 0;
  return facts.survey.pools.flatMap(({ object, ranges }) => {
    const unread = hasPools ? ranges.filter((row) => addressRange(row.trim()) === undefined) : [];
    return unread.length === 0
      ? []
      : [
          {
            object,
            found: `has the range ${list(unread, 1)}, which cannot be read`,
            detail: `So it cannot be judged whether it has addresses of the pools of ${configName(facts)}`,
            expected: 'a CIDR, or first-last',
            todo: 'correct that range, or see that it is outside the pools and acknowledge this',
            onlyWarns: true,
          },
        ];
  });
}

const leaveOut = 'take it out of spec.services.pools, or list it in reserved of the pool';

/** Whether pools have addresses of nodes, routers, networks, or of the pool of another load balancer. */
export const poolAddressChecks: readonly Check[] = [
  {
    id: 'pool-has-node-address',
    question: 'Does a pool have the address of a node?',
    severity: 'blocks',
    holds: 'services',
    onlyStart: true,
    find: (facts) => withMachines(facts, nodesOf(facts.nodeAddresses)),
    remedy: leaveOut,
    links: ['vip-equals-node-ip'],
  },
  {
    id: 'pool-has-router-address',
    question: 'Does a pool have the address of a default gateway of the nodes?',
    severity: 'blocks',
    holds: 'services',
    onlyStart: true,
    find: (facts) => withMachines(facts, routersOf(facts.snapshot.configs)),
    remedy: leaveOut,
    links: ['vip-in-use-elsewhere'],
  },
  {
    id: 'pool-in-pod-network',
    question: 'Does a pool have addresses of the network of the pods?',
    severity: 'blocks',
    holds: 'services',
    onlyStart: true,
    find: (facts) => inNetwork(facts, 'pods'),
    remedy: 'choose addresses of the network of the nodes, which are neither for pods nor for Services',
    links: ['vip-in-cluster-cidr'],
  },
  {
    id: 'pool-in-service-network',
    question: 'Does a pool have addresses of the network of the Services?',
    severity: 'blocks',
    holds: 'services',
    onlyStart: true,
    find: (facts) => inNetwork(facts, 'services'),
    remedy: 'choose addresses of the network of the nodes, which are neither for pods nor for Services',
    links: ['vip-in-cluster-cidr'],
  },
  {
    id: overlapCheck,
    question: "Does a pool of MetalLB, of Cilium or of kube-vip's cloud provider have addresses of a pool?",
    severity: 'blocks',
    holds: 'services',
    onlyStart: true,
    find: (facts) => [...ofOthers(facts), ...unreadRanges(facts)],
    remedy: 'take the addresses out of one of the two',
    links: ['metallb-coexist', 'two-installs-same-vip'],
  },
];
