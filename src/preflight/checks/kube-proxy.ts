// Checks of kube-proxy, which has the addresses of Services on every node too.
import { ipvsWithoutStrictArp } from '../../observed/neighbours/k3s.ts';
import { kubeProxyModes } from '../../observed/neighbours/kube-proxy.ts';
import type { Check, Facts, Finding } from './check.ts';

const why = 'so that only one node answers for the address of a Service';

function inObjects(facts: Facts): readonly Finding[] {
  return kubeProxyModes(facts)
    .filter(({ answersArp }) => answersArp)
    .map(({ object, found, isElsewhere }) => ({
      object,
      found,
      ...(isElsewhere && { detail: 'It is outside kube-system, so any tenant can have made it' }),
      expected: `ipvs.strictARP true, ${why}`,
      onlyWarns: isElsewhere,
    }));
}

// k3s runs kube-proxy itself, and RKE2 by a static pod on each node: there is no ConfigMap.
function inArguments({ snapshot }: Facts): readonly Finding[] {
  return ipvsWithoutStrictArp(snapshot.nodes).map(({ node, program }) => ({
    object: `Node/${node.metadata?.name}`,
    found: 'runs kube-proxy with proxy-mode=ipvs and without ipvs-strict-arp',
    expected: `--kube-proxy-arg=ipvs-strict-arp=true, ${why}`,
    todo: `start every ${program === 'rke2' ? 'RKE2' : program} server and agent with --kube-proxy-arg=ipvs-strict-arp=true (kube-proxy-arg: [proxy-mode=ipvs, ipvs-strict-arp=true] in /etc/rancher/${program}/config.yaml), one after the other`,
  }));
}

const ipvsArp = (facts: Facts): readonly Finding[] =>
  facts.spec.services === undefined ? [] : [...inObjects(facts), ...inArguments(facts)];

/** Whether kube-proxy answers ARP for addresses of Services. */
export const kubeProxyChecks: readonly Check[] = [
  {
    id: 'ipvs-without-strict-arp',
    question: 'Does kube-proxy in IPVS mode let every node answer ARP for addresses of Services?',
    severity: 'blocks',
    find: ipvsArp,
    remedy:
      'set ipvs.strictARP: true in that ConfigMap, or --ipvs-strict-arp in that DaemonSet, and restart kube-proxy on every node',
    links: ['ipvs-strictarp'],
  },
];
