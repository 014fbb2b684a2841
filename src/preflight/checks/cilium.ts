// Checks of Cilium, and of pools from which it or MetalLB gives addresses to Services.
import semver from 'semver';
import { addressRange } from '../../api/address-range.ts';
import { list } from '../../api/words.ts';
import type { Pool } from '../../observed/neighbours/survey.ts';
import { contains } from '../../observed/addresses.ts';
import { isSelective, selects } from '../../observed/neighbours/cilium-selector.ts';
import { serviceName } from '../../observed/services.ts';
import { isReplaced } from '../../observed/neighbours/kube-proxy.ts';
import { isCilium, workloadName, workloadsThat } from '../../observed/neighbours/workload.ts';
import { configName, vipsOf, type Check, type Facts, type Finding } from './check.ts';

/**
 * Which Service may get an address of a pool: any, or one that a selector of Cilium selects, which gives addresses to
 * load balancers without a class or of its own classes (operator/pkg/lbipam, isResponsibleForSVC). Undefined: none.
 */
function receiverOf({ selector }: Pool, { services }: Facts): string | undefined {
  if (!isSelective(selector)) {
    return 'a Service';
  }
  const found = [...services.byClass]
    .filter(([name = 'io.cilium/']) => name.startsWith('io.cilium/'))
    .flatMap(([, rows]) => rows)
    .find((service) => selects(selector, service));
  return found && serviceName(found);
}

function unreadRanges(facts: Facts): readonly Finding[] {
  return facts.survey.pools.flatMap(({ object, ranges }) => {
    const unread = vipsOf(facts).length > 0 ? ranges.filter((row) => addressRange(row) === undefined) : [];
    return unread.length === 0
      ? []
      : [
          {
            object,
            found: `has the range ${list(unread, 1)}, which cannot be read`,
            detail: `So it cannot be judged whether it has an address of ${configName(facts)}`,
            expected: 'a CIDR, or first-last',
          },
        ];
  });
}

function poolsWithVip(facts: Facts): readonly Finding[] {
  return facts.survey.pools.flatMap((pool) =>
    vipsOf(facts).flatMap((vip) => {
      const range = pool.ranges.find((row) => contains(row, vip));
      const receiver = range && receiverOf(pool, facts);
      return receiver === undefined
        ? []
        : [
            {
              object: pool.object,
              found: `may give ${vip} to ${receiver}`,
              detail: `Its range ${range} has that address`,
              expected: `no pool with the virtual address of ${configName(facts)}`,
            },
          ];
    }),
  );
}

// Before v1.15 the announcer does not look at loadBalancerClass (cilium/cilium#27976).
function ignoresClass({ survey }: Facts): boolean {
  const tags = workloadsThat(survey.workloads, isCilium).flatMap(({ images }) =>
    images.flatMap((image) => /:(v\d+\.\d+\.\d+)/.exec(image)?.[1] ?? []),
  );
  return tags.length === 0 || tags.some((tag) => semver.lt(tag, '1.15.0'));
}

function ciliumL2(facts: Facts): readonly Finding[] {
  if (facts.spec.services === undefined || !ignoresClass(facts)) {
    return [];
  }
  return facts.survey.l2Policies
    .filter(({ announces }) => announces)
    .flatMap(({ name, selector }) => {
      const mine = facts.servedServices.find((service) => selects(selector, service));
      const found = isSelective(selector) ? mine && `selects ${serviceName(mine)}` : 'selects every Service';
      return found === undefined
        ? []
        : [
            {
              object: `CiliumL2AnnouncementPolicy/${name}`,
              found,
              detail: 'This release of Cilium may not look at the class of a Service',
              expected: `a serviceSelector that leaves out the Services of ${configName(facts)}`,
            },
          ];
    });
}

const ciliumConfig = 'ConfigMap/kube-system/cilium-config';

function kubeProxyReplaced({ spec, survey }: Facts): readonly Finding[] {
  if (spec.services === undefined) {
    return [];
  }
  const [agent] = workloadsThat(survey.workloads, isCilium);
  if (survey.cilium === undefined && agent !== undefined) {
    return [
      {
        object: workloadName(agent),
        found: `is Cilium, and there is no ${ciliumConfig}`,
        detail: 'So it cannot be judged whether it replaces kube-proxy',
        expected: 'kube-proxy, with which kube-vip is tested',
        todo: 'look up kube-proxy-replacement in the configuration of Cilium. When it is false, acknowledge this',
      },
    ];
  }
  return isReplaced(survey)
    ? [
        {
          object: ciliumConfig,
          found: `has kube-proxy-replacement ${survey.cilium?.['kube-proxy-replacement']}`,
          expected: 'kube-proxy, with which kube-vip is tested',
        },
      ]
    : [];
}

/** Whether Cilium, or a pool of addresses, gets in the way. */
export const ciliumChecks: readonly Check[] = [
  {
    id: 'pool-has-vip',
    question:
      "Can an address pool of MetalLB, of Cilium or of kube-vip's cloud provider give a virtual address to a Service?",
    severity: 'warns',
    find: (facts) => [...poolsWithVip(facts), ...unreadRanges(facts)],
    remedy: 'take the address out of the pool',
    links: ['metallb-coexist', 'cp-vip-equals-service-vip'],
  },
  {
    id: 'cilium-announces-all',
    question: 'Does Cilium announce Services of ours over ARP, whatever their class?',
    severity: 'warns',
    find: ciliumL2,
    remedy:
      'give the policy a serviceSelector that leaves the Services out, or upgrade Cilium to v1.15, which looks at the class',
    links: ['cilium-l2', 'cilium/cilium#27976'],
  },
  {
    id: 'cilium-replaces-kube-proxy',
    question: 'Does Cilium replace kube-proxy?',
    severity: 'warns',
    find: kubeProxyReplaced,
    remedy: 'test that an address of a Service answers from outside. Then acknowledge this',
    links: ['cilium-kpr'],
  },
];
