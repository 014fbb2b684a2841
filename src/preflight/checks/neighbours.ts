// Checks of other load balancers in the cluster.
import type { V1Node } from '@kubernetes/client-node';
import { nameOf, type Check, type Facts, type Finding } from './check.ts';
import { isMetalLb, servedByServiceLb, workloadName } from '../facts/workload.ts';

const withoutServiceLb =
  'start every k3s server with --disable servicelb (disable: [servicelb] in /etc/rancher/k3s/config.yaml), one after the other';

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
        todo: `${withoutServiceLb}; then create that Service anew with loadBalancerClass ${facts.spec.services?.loadBalancerClass}`,
      }));
}

const nodeArgs = ['k3s.io/node-args', 'rke2.io/node-args'];
const serviceLbLabel = 'svccontroller.k3s.cattle.io/enablelb';

function argumentsOf({ metadata }: V1Node): readonly string[] {
  const text = nodeArgs.flatMap((name) => metadata?.annotations?.[name] ?? [])[0];
  if (text === undefined) {
    return [];
  }
  try {
    const args: unknown = JSON.parse(text);
    return Array.isArray(args) ? args.map(String) : [];
  } catch {
    return [];
  }
}

const isK3sServer = (node: V1Node, args: readonly string[]): boolean =>
  args[0] === 'server' && node.metadata?.annotations?.['k3s.io/node-args'] !== undefined;

/** Why a node says that ServiceLB is on, or undefined. k3s has it by default, RKE2 only when it is asked for. */
function serviceLbOn(node: V1Node): string | undefined {
  const args = argumentsOf(node);
  const text = args.join(' ').replaceAll('=', ' ');
  const isOff = /--disable \S*servicelb|--disable-cloud-controller/.test(text);
  if (node.metadata?.labels?.[serviceLbLabel] === 'true') {
    return `label ${serviceLbLabel}=true`;
  }
  if (text.includes('--enable-servicelb')) {
    return 'argument --enable-servicelb';
  }
  return isK3sServer(node, args) && !isOff
    ? 'a k3s server that was started without --disable servicelb'
    : undefined;
}

function enabledServiceLb(facts: Facts): readonly Finding[] {
  // One that is at work is said by the check that blocks.
  const applies = facts.spec.services !== undefined && serviceLb(facts).length === 0;
  return applies
    ? facts.snapshot.nodes.flatMap((node) => {
        const found = serviceLbOn(node);
        return found === undefined
          ? []
          : [{ object: `Node/${node.metadata?.name}`, expected: 'ServiceLB of k3s to be off', found }];
      })
    : [];
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

function ipvsArp({ spec, survey }: Facts): readonly Finding[] {
  const { kubeProxy } = survey;
  return spec.services !== undefined && kubeProxy?.mode === 'ipvs' && !kubeProxy.strictArp
    ? [
        {
          object: 'ConfigMap/kube-system/kube-proxy',
          expected: 'ipvs.strictARP true, so that one node alone answers for the address of a Service',
          found: 'mode ipvs without it',
        },
      ]
    : [];
}

export const neighbourChecks: readonly Check[] = [
  {
    id: 'servicelb-is-active',
    question: 'Is ServiceLB of k3s at work?',
    severity: 'blocks',
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
    find: takenClass,
    remedy: 'choose another spec.services.loadBalancerClass, or leave it out',
    links: ['lb-class-conflict', 'cilium-l2'],
  },
  {
    id: 'metallb-has-class',
    question: 'Is MetalLB told to serve the class?',
    severity: 'blocks',
    find: metalLbWithClass,
    remedy: 'take --lb-class from the controller and the speakers of MetalLB, or name another class there',
    links: ['metallb-coexist'],
  },
  {
    id: 'ipvs-without-strict-arp',
    question: 'Does kube-proxy in IPVS mode let every node answer ARP for addresses of Services?',
    severity: 'blocks',
    find: ipvsArp,
    remedy: 'set ipvs.strictARP: true in that ConfigMap and restart kube-proxy on every node',
    links: ['ipvs-strictarp'],
  },
];
