// What cannot be judged, because a fact that other checks rest on is nowhere to be found: that is never the same as well.
import type { V1Node } from '@kubernetes/client-node';
import { canonicalAddress } from '../../api/addresses.ts';
import { list } from '../../api/words.ts';
import { unnotedK3sNodes } from '../../observed/neighbours/k3s.ts';
import { kubeProxyModes } from '../../observed/neighbours/kube-proxy.ts';
import { isNetworkKnown, type Network } from '../../observed/neighbours/networks.ts';
import { mostAskedNodes } from '../../observed/neighbours/survey.ts';
import { oncePer } from '../../observed/once.ts';
import { controlPlaneNodes } from '../../observed/placement.ts';
import { nameOf } from '../../observed/pods.ts';
import { isSurveyed, vipsOf, type Check, type Facts, type Finding } from './check.ts';

const shown = 4;

const nodesAs = (nodes: readonly V1Node[]): string =>
  list(
    nodes.map((node) => `Node/${nameOf(node)}`),
    shown,
  );

const hasAddress = ({ status }: V1Node): boolean =>
  status?.addresses?.some(
    ({ type, address }) =>
      (type === 'InternalIP' || type === 'ExternalIP') && canonicalAddress(address) !== undefined,
  ) ?? false;

const withoutAddress = oncePer((nodes: readonly V1Node[]) => nodes.filter((node) => !hasAddress(node)));

function nodesWithoutAddress({ snapshot }: Facts): readonly Finding[] {
  const nodes = withoutAddress(snapshot.nodes);
  return nodes.length === 0
    ? []
    : [
        {
          object: nodesAs(nodes),
          found: 'has no address in status.addresses',
          detail: 'So it cannot be judged whether kube-vip is asked for the address of a node',
          expected: 'an InternalIP or ExternalIP of every node',
        },
      ];
}

const whereNoted: Readonly<Record<Network, string>> = {
  pods: 'spec.podCIDRs of every node, podSubnet of ConfigMap kube-system/kubeadm-config, or the flags of k3s or RKE2',
  services:
    'a ServiceCIDR, serviceSubnet of ConfigMap kube-system/kubeadm-config, or the flags of k3s or RKE2',
};

function unknownNetworks(facts: Facts): readonly Finding[] {
  const asked = [...vipsOf(facts), ...(facts.spec.services?.pools ?? []).map(({ name }) => `pool ${name}`)];
  const isAsked = isSurveyed(facts) && facts.snapshot.nodes.length > 0 && asked.length > 0;
  return (['pods', 'services'] as const)
    .filter((of) => isAsked && !isNetworkKnown(facts, of))
    .map((of) => ({
      object: `network of ${of}`,
      found: 'is noted nowhere',
      detail: `So it cannot be judged whether it contains ${list(asked)}`,
      expected: whereNoted[of],
    }));
}

function unknownKubeProxy(facts: Facts): readonly Finding[] {
  const isAsked = isSurveyed(facts) && facts.snapshot.nodes.length > 0 && facts.spec.services !== undefined;
  return kubeProxyModes(facts)
    .filter(({ isKnown }) => isAsked && !isKnown)
    .map(({ object, found }) => ({
      object,
      found,
      detail: 'So it cannot be judged whether every node answers ARP for addresses of Services',
      expected: 'a mode of kube-proxy that is known',
    }));
}

function k3sWithoutFlags({ snapshot }: Facts): readonly Finding[] {
  const nodes = unnotedK3sNodes(snapshot.nodes);
  return nodes.length === 0
    ? []
    : [
        {
          object: nodesAs(nodes),
          found: 'runs k3s or RKE2, and nothing says how the servers were started',
          detail:
            'So it cannot be judged whether ServiceLB is on, nor which networks and kube-proxy they have',
          expected:
            'annotation k3s.io/node-args or rke2.io/node-args on the Node of a server, as a JSON array',
        },
      ];
}

/** API servers of control-plane nodes whose certificate at the port of the spec was not read, and why. */
function unreadCertificates(facts: Facts): readonly Finding[] {
  const { snapshot, spec, survey } = facts;
  const { controlPlane } = spec;
  if (!isSurveyed(facts) || controlPlane === undefined) {
    return [];
  }
  const certificates = survey.certificates.filter(({ port }) => port === controlPlane.port);
  const silent = certificates.filter(({ names }) => names === undefined).map(({ node }) => node);
  const unasked = controlPlaneNodes(snapshot.nodes, [controlPlane])
    .map(nameOf)
    .filter((name) => !certificates.some(({ node }) => node === name));
  const rows: readonly (readonly [string, readonly string[]])[] = [
    [`shows no certificate of an API server at port ${controlPlane.port}`, silent],
    ['was not asked for the certificate of its API server', unasked],
  ];
  return rows
    .filter(([, names]) => names.length > 0)
    .map(([found, names]) => ({
      object: list(
        names.map((name) => `Node/${name}`),
        shown,
      ),
      found,
      detail: 'So it cannot be judged which addresses the certificate names',
      expected: `to read the certificates of all API servers. The operator asks ${mostAskedNodes} nodes at most`,
    }));
}

/** Whether what other checks rest on is known at all. */
export const unknownChecks: readonly Check[] = [
  {
    id: 'node-address-is-unknown',
    question: 'Does every node tell its address?',
    severity: 'warns',
    find: nodesWithoutAddress,
    remedy: 'look at the kubelet and the cloud controller of that node, which write it',
    links: [],
  },
  {
    id: 'cluster-network-is-unknown',
    question: 'Are the networks of pods and of Services known?',
    severity: 'warns',
    find: unknownNetworks,
    remedy:
      'see in the configuration of the network plugin and of kube-apiserver that the address is outside. Then acknowledge this',
    links: [],
  },
  {
    id: 'kube-proxy-mode-is-unknown',
    question: 'Is the mode of kube-proxy known?',
    severity: 'warns',
    find: unknownKubeProxy,
    remedy:
      'see on a node how kube-proxy was started. When it does not run, or not in mode ipvs, or has strictARP, acknowledge this',
    links: [],
  },
  {
    id: 'certificate-is-unread',
    question: 'Could the certificate of every API server be read?',
    severity: 'warns',
    find: unreadCertificates,
    remedy:
      'start the API server there, or let the operator reach it. Or see that its certificate names the virtual address and that of the node, and acknowledge this',
    links: [],
  },
  {
    id: 'k3s-flags-are-unknown',
    question: 'Does k3s or RKE2 tell how its servers were started?',
    severity: 'warns',
    find: k3sWithoutFlags,
    remedy:
      'see on the servers that ServiceLB is disabled and which networks they have. Then acknowledge this',
    links: [],
  },
];
