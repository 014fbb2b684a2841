// Checks of other load balancers in the cluster.
import type { V1Node } from '@kubernetes/client-node';
import { nameOf, type Check, type Facts, type Finding } from './check.ts';
import { runsK3s, serversOf, serviceLbLabelOf, serviceLbOn } from '../../observed/k3s.ts';
import { isMetalLb, isOfRke2, servedByServiceLb, workloadName } from '../../observed/workload.ts';

const withoutServiceLb =
  'start every k3s server with --disable servicelb (disable: [servicelb] in /etc/rancher/k3s/config.yaml), one after the other';
const withoutRke2ServiceLb =
  'start every RKE2 server without --enable-servicelb (enable-servicelb: false in /etc/rancher/rke2/config.yaml), one after the other';

const serviceLb = ({ survey }: Facts) =>
  survey.workloads.flatMap((workload) => {
    const service = servedByServiceLb(workload);
    return service === undefined ? [] : [{ workload, service }];
  });

function activeServiceLb(facts: Facts): readonly Finding[] {
  return facts.spec.services === undefined
    ? []
    : serviceLb(facts).map(({ workload, service }) => ({
        object: workloadName(workload),
        expected: `no ServiceLB of k3s beside ${nameOf(facts)}, which serves Services`,
        found: `ServiceLB at work for ${service}`,
        todo: `${isOfRke2(workload) ? withoutRke2ServiceLb : withoutServiceLb}; then create that Service anew with loadBalancerClass ${facts.spec.services?.loadBalancerClass}`,
      }));
}

const enabled = (node: V1Node, found: string, todo?: string): Finding => ({
  object: `Node/${node.metadata?.name}`,
  expected: 'ServiceLB of k3s to be off',
  found,
  ...(todo && { todo }),
});

// The label chooses nodes and turns nothing on: it tells something only where no server says how it was started.
function enabledServiceLb(facts: Facts): readonly Finding[] {
  // One that is at work is said by the check that blocks.
  if (facts.spec.services === undefined || serviceLb(facts).length > 0) {
    return [];
  }
  const { nodes } = facts.snapshot;
  const servers = serversOf(nodes);
  const labelled = servers.length > 0 ? [] : nodes.filter((node) => runsK3s(node));
  return [
    ...servers.flatMap((server) => {
      const found = serviceLbOn(server);
      const todo = server.program === 'rke2' ? withoutRke2ServiceLb : undefined;
      return found === undefined ? [] : [enabled(server.node, found, todo)];
    }),
    ...labelled.flatMap((node) => {
      const label = serviceLbLabelOf(node);
      return label === undefined
        ? []
        : [enabled(node, `label ${label}=true, and no server that says how it was started`)];
    }),
  ];
}

/** Classes that belong to a controller, whatever a KubeVipConfig says. */
const classesOfOthers: Readonly<Record<string, string>> = {
  'io.cilium/l2-announcer': 'Cilium',
  'io.cilium/bgp-control-plane': 'Cilium',
  'io.cilium/node': 'Cilium',
  'io.k3s.svclb/svclb': 'k3s',
  'loxilb.io/loxilb': 'LoxiLB',
  'service.k8s.aws/nlb': 'the AWS load balancer controller',
  'eks.amazonaws.com/nlb': 'EKS',
  'tailscale.com/tailscale': 'Tailscale',
};

function takenClass({ spec }: Facts): readonly Finding[] {
  const name = spec.services?.loadBalancerClass ?? '';
  const owner = Object.hasOwn(classesOfOthers, name) ? classesOfOthers[name] : undefined;
  return owner === undefined
    ? []
    : [
        {
          object: `KubeVipConfig/${spec.name}`,
          expected: 'a loadBalancerClass that no other controller serves',
          found: `${name}, which is the class of ${owner}`,
        },
      ];
}

function metalLbWithClass({ spec, survey }: Facts): readonly Finding[] {
  const name = spec.services?.loadBalancerClass;
  return name === undefined
    ? []
    : survey.workloads
        .filter((workload) => isMetalLb(workload))
        .filter(({ args }) => args.join(' ').replaceAll('=', ' ').split(' ').includes(name))
        .map((workload) => ({
          object: workloadName(workload),
          expected: `MetalLB to leave class ${name} to KubeVipConfig ${spec.name}`,
          found: `it in the arguments of ${workload.name}`,
        }));
}

export const neighbourChecks: readonly Check[] = [
  {
    id: 'servicelb-is-active',
    question: 'Is ServiceLB of k3s at work?',
    severity: 'blocks',
    holds: 'services',
    by: 'tenant',
    find: activeServiceLb,
    remedy: withoutServiceLb,
    links: ['k3s-servicelb', 'foreign-status-adopted', 'kube-vip/kube-vip#752'],
  },
  {
    id: 'servicelb-is-enabled',
    question: 'Would ServiceLB of k3s or RKE2 serve the next Service without a class?',
    severity: 'warns',
    find: enabledServiceLb,
    remedy: withoutServiceLb,
    links: ['k3s-servicelb', 'status-ports-loop'],
  },
  {
    id: 'class-is-of-other-controller',
    question: 'Is the class that of another controller?',
    severity: 'blocks',
    holds: 'services',
    find: takenClass,
    remedy: 'choose another spec.services.loadBalancerClass, or leave it out',
    links: ['lb-class-conflict', 'cilium-l2'],
  },
  {
    id: 'metallb-has-class',
    question: 'Is MetalLB told to serve the class?',
    severity: 'blocks',
    holds: 'services',
    by: 'tenant',
    find: metalLbWithClass,
    remedy: 'take --lb-class from the controller and the speakers of MetalLB, or name another class there',
    links: ['metallb-coexist'],
  },
];
