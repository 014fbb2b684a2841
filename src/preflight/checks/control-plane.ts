// Checks of the API server: its certificate, its version, and how kubelets reach it.
import semver from 'semver';
import { familyOf } from '../../api/addresses.ts';
import { list } from '../../api/words.ts';
import { floorReason, newestKubernetes, oldestKubernetes } from '../../catalog/kubernetes.ts';
import { k3sNodes } from '../../observed/neighbours/k3s.ts';
import { configName, isSurveyed, vipsOf, type Check, type Facts, type Finding } from './check.ts';

const localServer =
  'see that server in /etc/kubernetes/kubelet.conf of every control-plane node is the node itself';

/**
 * When kubeadm writes that by itself, at init, join and upgrade, newest first: kubernetes/kubernetes#125780, #129956,
 * #134106, #135773. What a node has cannot be seen from here: it may have joined earlier, or been edited.
 */
const kubeadmWrites = [
  { from: '1.35.0', when: 'kubeadm 1.35 and later writes that at init, join and upgrade' },
  {
    from: '1.33.0',
    when: 'kubeadm of 1.33 and 1.34 writes that at init, join and upgrade unless feature gate ControlPlaneKubeletLocalMode is off',
  },
  {
    from: '1.31.0',
    when: 'kubeadm of 1.31 and 1.32 writes that at init, join and upgrade if feature gate ControlPlaneKubeletLocalMode is on',
  },
] as const;

function howToReachLocally({ survey }: Facts): string {
  const version = semver.coerce(survey.serverVersion);
  const row = kubeadmWrites.find(({ from }) => version !== null && semver.gte(version, from));
  return `${localServer}${row === undefined ? '' : ` (${row.when})`}. Then acknowledge this`;
}

/** k3s and RKE2 give the kubelet of a server its own API server. Of other clusters kubeadm alone tells. */
function unknownServer(facts: Facts): readonly Finding[] {
  const { kubeadm, clusterInfoHost } = facts.survey;
  const { nodes } = facts.snapshot;
  const isKnown = kubeadm !== undefined || clusterInfoHost !== undefined;
  return isKnown || !isSurveyed(facts) || nodes.length === 0 || k3sNodes(nodes).length > 0
    ? []
    : [
        {
          object: 'ConfigMap/kube-system/kubeadm-config',
          found: 'is not there, nor does kube-public/cluster-info name a server',
          detail: 'So it cannot be judged which server the kubelets use',
          expected: 'kubelets of control-plane nodes to reach an API server without the virtual address',
        },
      ];
}

function kubeletsThroughVip(facts: Facts): readonly Finding[] {
  const { kubeadm, clusterInfoHost } = facts.survey;
  const rows: readonly (readonly [string, string | undefined, string])[] = [
    ['ConfigMap/kube-system/kubeadm-config', kubeadm?.endpoint, 'controlPlaneEndpoint'],
    ['ConfigMap/kube-public/cluster-info', clusterInfoHost, 'server'],
  ];
  const named = rows.flatMap(([object, host, what]) => (host === undefined ? [] : [{ object, host, what }]));
  const isVip = named.find(({ host }) => vipsOf(facts).includes(host));
  const found = isVip ?? named.find(({ host }) => familyOf(host) === undefined);
  if (vipsOf(facts).length === 0) {
    return [];
  }
  if (found === undefined) {
    return unknownServer(facts);
  }
  const { object, host, what } = found;
  const creates = isVip
    ? `${configName(facts)} creates that address`
    : `The operator resolves no names, so it cannot judge whether that is an address of ${configName(facts)}`;
  return [
    {
      object,
      found: `names ${host} as ${what}`,
      detail: `${creates}. Nothing says which server the kubelets use. A kubelet that uses ${isVip ? 'this' : 'a virtual'} address learns of no pod after a full stop`,
      expected: 'kubelets of control-plane nodes to reach an API server without the virtual address',
      todo: howToReachLocally(facts),
    },
  ];
}

const sayNames = (names: readonly string[]): string => `The certificate names ${list(names, 12)}`;

/** Certificates at the port of the spec that were read. */
const certificatesOf = ({ survey, spec }: Facts) =>
  survey.certificates.flatMap(({ names, ...rest }) =>
    names !== undefined && rest.port === spec.controlPlane?.port ? [{ ...rest, names }] : [],
  );

const howToName =
  'add the address to the certificate (kubeadm: apiServer.certSANs, then kubeadm init phase certs apiserver. k3s and RKE2: tls-san. Talos: cluster.apiServer.certSANs) and restart the API server';

function certificateWithoutVip(facts: Facts): readonly Finding[] {
  return vipsOf(facts).flatMap((vip) =>
    certificatesOf(facts)
      .filter(({ names }) => !names.includes(vip))
      .map(({ node, address, names }) => ({
        object: `Node/${node}`,
        found: `has no ${vip} in the certificate of its API server`,
        detail: sayNames(names),
        expected: `the API server at ${address} to name the virtual address`,
      })),
  );
}

function certificateWithoutNode(facts: Facts): readonly Finding[] {
  return facts.spec.controlPlane?.apiAccess === 'Local'
    ? certificatesOf(facts)
        .filter(({ names, address }) => !names.includes(address))
        .map(({ node, address, names }) => ({
          object: `Node/${node}`,
          found: `has no ${address} in the certificate of its API server`,
          detail: sayNames(names),
          expected: 'the address of the node, at which kube-vip talks to the API server (apiAccess Local)',
        }))
    : [];
}

function untestedVersion(facts: Facts): readonly Finding[] {
  const { survey } = facts;
  if (!isSurveyed(facts)) {
    return [];
  }
  const version = semver.coerce(survey.serverVersion);
  const isOld = version !== null && semver.lt(version, `${oldestKubernetes}.0`);
  const isTested = version !== null && !isOld && !semver.gtr(version, `${newestKubernetes}.x`);
  return isTested
    ? []
    : [
        {
          object: 'API server',
          found:
            survey.serverVersion === ''
              ? 'does not tell which Kubernetes it is'
              : `runs Kubernetes ${survey.serverVersion}`,
          detail: isOld ? `The operator uses what that release lacks: ${floorReason}` : undefined,
          expected: `Kubernetes ${oldestKubernetes} to ${newestKubernetes}, with which the operator is tested (docs/compatibility.md)`,
        },
      ];
}

/** Whether the API servers can be reached at the virtual address, and without it. */
export const controlPlaneChecks: readonly Check[] = [
  {
    id: 'kubelets-use-vip',
    question: 'May kubelets of control-plane nodes reach the API server through the virtual address only?',
    severity: 'warns',
    find: kubeletsThroughVip,
    remedy: `${localServer}. Then acknowledge this`,
    links: ['api-through-own-vip'],
  },
  {
    id: 'certificate-lacks-vip',
    question: 'Does the certificate of every API server name the virtual address?',
    severity: 'warns',
    find: certificateWithoutVip,
    remedy: howToName,
    links: ['kube-vip/kube-vip#682'],
  },
  {
    id: 'certificate-lacks-node-address',
    question: 'With apiAccess Local: does the certificate of every API server name the address of its node?',
    severity: 'blocks',
    holds: 'control-plane',
    find: certificateWithoutNode,
    remedy: `${howToName}. Or set spec.controlPlane.apiAccess: Service`,
    links: ['api-through-own-vip', 'unhealthy-apiserver-leader'],
  },
  {
    id: 'kubernetes-is-untested',
    question: `Is the operator tested with this release of Kubernetes (${oldestKubernetes} to ${newestKubernetes})?`,
    severity: 'warns',
    find: untestedVersion,
    remedy: 'try it in a test cluster. Then acknowledge this',
    links: ['hostaliases-ignored'],
  },
];
