// Checks of other load balancers in the cluster, and of what has a port of ours.
import type { V1Node } from '@kubernetes/client-node';
import { clip } from '../../api/words.ts';
import type { Workload } from '../../observed/neighbours/survey.ts';
import { configName, type Check, type Facts, type Finding } from './check.ts';
import { k3sNodes, serversOf, serviceLbLabelOf, serviceLbOn } from '../../observed/neighbours/k3s.ts';
import { metricsPorts } from '../../observed/metrics-ports.ts';
import {
  isMetalLb,
  isOfRke2,
  isOurs,
  isPortOfOurs,
  servedByServiceLb,
  serviceLbNamespace,
  workloadName,
  workloadsThat,
} from '../../observed/neighbours/workload.ts';

const withoutServiceLb =
  'start every k3s server with --disable servicelb (disable: [servicelb] in /etc/rancher/k3s/config.yaml), one after the other';
const withoutRke2ServiceLb =
  'start every RKE2 server without --enable-servicelb (enable-servicelb: false in /etc/rancher/rke2/config.yaml), one after the other';

const isOfServiceLb = (workload: Workload): boolean => servedByServiceLb(workload) !== undefined;
const hasPortOfOurs = (workload: Workload): boolean =>
  !isOurs(workload) && workload.hostPorts.some(isPortOfOurs);

const serviceLb = ({ survey }: Facts) =>
  workloadsThat(survey.workloads, isOfServiceLb).flatMap((workload) => {
    const service = servedByServiceLb(workload);
    const isElsewhere = workload.namespace !== serviceLbNamespace;
    return service === undefined ? [] : [{ workload, service, isElsewhere }];
  });

function activeServiceLb(facts: Facts): readonly Finding[] {
  return facts.spec.services === undefined
    ? []
    : serviceLb(facts).map(({ workload, service, isElsewhere }) => ({
        object: workloadName(workload),
        found: `is ServiceLB at work for ${service}`,
        ...(isElsewhere && { detail: `It is outside ${serviceLbNamespace}, so any tenant can have made it` }),
        expected: `no ServiceLB in a cluster where ${configName(facts)} serves Services`,
        todo: `${isOfRke2(workload) ? withoutRke2ServiceLb : withoutServiceLb}. Then create that Service anew with loadBalancerClass ${facts.spec.services?.loadBalancerClass}`,
        onlyWarns: isElsewhere,
      }));
}

const enabled = (node: V1Node, rest: Pick<Finding, 'found' | 'detail' | 'todo'>): Finding => ({
  object: `Node/${node.metadata?.name}`,
  expected: 'ServiceLB of k3s to be off',
  ...rest,
});

// The label chooses nodes and turns nothing on: it tells something only where no server says how it was started.
function enabledServiceLb(facts: Facts): readonly Finding[] {
  // One that is at work is said by the check that blocks.
  if (facts.spec.services === undefined || serviceLb(facts).some(({ isElsewhere }) => !isElsewhere)) {
    return [];
  }
  const { nodes } = facts.snapshot;
  const servers = serversOf(nodes);
  const labelled = servers.length > 0 ? [] : k3sNodes(nodes);
  return [
    ...servers.flatMap((server) => {
      const found = serviceLbOn(server);
      const todo = server.program === 'rke2' ? withoutRke2ServiceLb : withoutServiceLb;
      return found === undefined ? [] : [enabled(server.node, { found: `runs ${found}`, todo })];
    }),
    ...labelled.flatMap((node) => {
      const label = serviceLbLabelOf(node);
      return label === undefined
        ? []
        : [enabled(node, { found: `has label ${label}=true`, detail: 'No server says how it was started' })];
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
          found: `has ${name}, the class of ${owner}`,
          expected: 'a loadBalancerClass that no other controller serves',
        },
      ];
}

const lbClass = ['--lb-class', '-lb-class'];

function metalLbWithClass({ spec, survey }: Facts): readonly Finding[] {
  const name = spec.services?.loadBalancerClass;
  const expected = `MetalLB to leave the class to KubeVipConfig ${spec.name}`;
  const found = name === undefined ? [] : workloadsThat(survey.workloads, isMetalLb);
  return found.flatMap((workload): readonly Finding[] => {
    const words = workload.args.join(' ').replaceAll('=', ' ').split(' ');
    const object = workloadName(workload);
    if (name !== undefined && words.includes(name)) {
      // The speaker, which answers for addresses, has the network of its node. Any tenant can make what has not.
      const onlyWarns = !workload.hostNetwork;
      return [{ object, found: `has class ${name} in its arguments`, expected, onlyWarns }];
    }
    const hidden = words.find(
      (word, index) => lbClass.includes(words[index - 1] ?? '') && word.includes('$'),
    );
    return hidden === undefined
      ? []
      : [
          {
            object,
            found: `has ${clip(hidden, 40)} for its class, which its template does not say`,
            detail: `So it cannot be judged whether it serves ${name}`,
            expected,
            todo: 'write the class literally in the arguments of MetalLB, or see that it is another and acknowledge this',
            onlyWarns: true,
          },
        ];
  });
}

function takenPorts({ survey }: Facts): readonly Finding[] {
  return workloadsThat(survey.workloads, hasPortOfOurs).flatMap((workload) =>
    workload.hostPorts.filter(isPortOfOurs).map((port) => ({
      object: workloadName(workload),
      found: `has hostPort ${port}`,
      expected: `no hostPort from ${metricsPorts.first} to ${metricsPorts.last}, which are for the metrics of kube-vip`,
    })),
  );
}

/** Whether another load balancer serves the same Services. */
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
    question: 'Does the class belong to another controller?',
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
  {
    id: 'metrics-port-is-taken',
    question: 'Are the ports for metrics free of hostPorts?',
    severity: 'warns',
    find: takenPorts,
    remedy: 'move that hostPort. Where both select a node, one pod stays Pending',
    links: ['prometheus-port-clash'],
  },
];
