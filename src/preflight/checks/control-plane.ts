// Checks of the API server: its certificate, its version, and how kubelets reach it.
import semver from 'semver';
import { nameOf, vipsOf, type Check, type Facts, type Finding } from './check.ts';

/** Releases of Kubernetes with which this operator and kube-vip were run, by minor. */
const tested = { from: '1.31.0', before: '1.37.0' } as const;

const longWay =
  'keep a second way for the kubelets of control-plane nodes (kubeadm: feature gate ControlPlaneKubeletLocalMode, or the node itself as server in /etc/kubernetes/kubelet.conf), then acknowledge this';

function kubeletsThroughVip(facts: Facts): readonly Finding[] {
  const { kubeadm, clusterInfoHost } = facts.survey;
  const rows: readonly (readonly [string, string | undefined, string])[] = [
    ['ConfigMap/kube-system/kubeadm-config', kubeadm?.endpoint, 'controlPlaneEndpoint'],
    ['ConfigMap/kube-public/cluster-info', clusterInfoHost, 'server'],
  ];
  return rows
    .filter(([, host]) => host !== undefined && vipsOf(facts).includes(host))
    .slice(0, 1)
    .map(([object, host, what]) => ({
      object,
      expected: 'kubelets of control-plane nodes to reach an API server without the virtual address',
      found: `${what} ${host}, the address that ${nameOf(facts)} creates: after a full stop no kubelet learns of its pods`,
    }));
}

function sayNames(names: readonly string[]): string {
  return `${names.slice(0, 12).join(', ')}${names.length > 12 ? ` and ${names.length - 12} more` : ''}`;
}

/** Certificates at the port of the spec that were read. */
const certificatesOf = ({ survey, spec }: Facts) =>
  survey.certificates.flatMap(({ names, ...rest }) =>
    names !== undefined && rest.port === spec.controlPlane?.port ? [{ ...rest, names }] : [],
  );

const howToName =
  'add it (kubeadm: apiServer.certSANs, then kubeadm init phase certs apiserver; k3s and RKE2: tls-san; Talos: cluster.apiServer.certSANs) and restart the API server';

function certificateWithoutVip(facts: Facts): readonly Finding[] {
  return vipsOf(facts).flatMap((vip) =>
    certificatesOf(facts)
      .filter(({ names }) => !names.includes(vip))
      .map(({ node, address, names }) => ({
        object: `Node/${node}`,
        expected: `the certificate of its API server (${address}) to name ${vip}`,
        found: sayNames(names),
      })),
  );
}

function certificateWithoutNode(facts: Facts): readonly Finding[] {
  return facts.spec.controlPlane?.apiAccess === 'Local'
    ? certificatesOf(facts)
        .filter(({ names, address }) => !names.includes(address))
        .map(({ node, address, names }) => ({
          object: `Node/${node}`,
          expected: `the certificate of its API server to name ${address}, at which kube-vip talks to it (apiAccess Local)`,
          found: sayNames(names),
        }))
    : [];
}

function untestedVersion({ survey }: Facts): readonly Finding[] {
  const version = semver.coerce(survey.serverVersion);
  return version === null || (semver.gte(version, tested.from) && semver.lt(version, tested.before))
    ? []
    : [
        {
          object: 'API server',
          expected: `Kubernetes from ${tested.from} to before ${tested.before}, which is tested`,
          found: survey.serverVersion,
        },
      ];
}

export const controlPlaneChecks: readonly Check[] = [
  {
    id: 'kubelets-use-vip',
    question: 'Do kubelets reach the API server through the virtual address alone?',
    severity: 'warns',
    find: kubeletsThroughVip,
    remedy: longWay,
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
    find: certificateWithoutNode,
    remedy: `${howToName}, or set spec.controlPlane.apiAccess: Service`,
    links: ['api-through-own-vip', 'unhealthy-apiserver-leader'],
  },
  {
    id: 'kubernetes-is-untested',
    question: 'Is this release of Kubernetes one that was tested?',
    severity: 'warns',
    find: untestedVersion,
    remedy: 'try it in a test cluster, then acknowledge this',
    links: ['hostaliases-ignored'],
  },
];
