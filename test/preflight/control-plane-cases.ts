import { freshSnapshot, kubeVipConfig, snapshot } from '../builders.ts';
import { emptySurvey } from '../../src/observed/neighbours/survey.ts';
import { node } from '../cluster-builders.ts';
import type { Cases } from './find.ts';
import { surveyed } from './survey-builders.ts';

const vip = '203.0.113.100';
const certificate = (...names: string[]) => ({
  certificates: [{ node: 'n1', address: '203.0.113.11', port: 6443, names }],
});
const viaService = {
  config: kubeVipConfig({ spec: { controlPlane: { addresses: [vip], apiAccess: 'Service' } } }),
};
const kubeadm = (endpoint: string) => ({ endpoint, podSubnet: undefined, serviceSubnet: undefined });
const labels = (level?: string) => ({
  namespaceLabels: level === undefined ? {} : { 'pod-security.kubernetes.io/enforce': level },
});
const quota = (hard: Readonly<Record<string, string>>, used: Readonly<Record<string, string>> = {}) => ({
  quotas: [{ name: 'all', hard, used, isScoped: false }],
});
const limits = { limits: { memory: '64Mi' } };
const limited = {
  config: kubeVipConfig({
    spec: { controlPlane: { addresses: [vip], resources: limits }, services: undefined },
  }),
};
const onlyControlPlane = { config: kubeVipConfig({ spec: { services: undefined } }) };

const endpointIsVip =
  'ConfigMap/kube-system/kubeadm-config: names 203.0.113.100 as controlPlaneEndpoint. KubeVipConfig edge creates that address. Nothing says which server the kubelets use. A kubelet that uses this address learns of no pod after a full stop. Expected kubelets of control-plane nodes to reach an API server without the virtual address. See that server in /etc/kubernetes/kubelet.conf of every control-plane node is the node itself';
const gate = 'feature gate ControlPlaneKubeletLocalMode';
const writes = [
  ['1.36.3', 'kubeadm 1.35 and later writes that at init, join and upgrade'],
  ['1.34.1', `kubeadm of 1.33 and 1.34 writes that at init, join and upgrade unless ${gate} is off`],
  ['1.31.9', `kubeadm of 1.31 and 1.32 writes that at init, join and upgrade if ${gate} is on`],
] as const;

export const controlPlaneCases: Cases = {
  'kubelets-use-vip': [
    [
      'cannot judge a name, and says so',
      surveyed({ kubeadm: kubeadm('api.example.org'), clusterInfoHost: '203.0.113.11' }),
      'ConfigMap/kube-system/kubeadm-config: names api.example.org as controlPlaneEndpoint. The operator resolves no names, so it cannot judge whether that is an address of KubeVipConfig edge. Nothing says which server the kubelets use. A kubelet that uses a virtual address learns of no pod after a full stop. Expected kubelets of control-plane nodes',
    ],
    [
      'would rather say what it knows',
      surveyed({ kubeadm: kubeadm('api.example.org'), clusterInfoHost: vip }),
      'ConfigMap/kube-public/cluster-info: names 203.0.113.100 as server.',
    ],
    ['passes with another address', surveyed({ kubeadm: kubeadm('203.0.113.11') })],
    [
      'passes with a name when there is no control plane',
      surveyed(
        { kubeadm: kubeadm('api.example.org') },
        { config: kubeVipConfig({ spec: { controlPlane: undefined } }) },
      ),
    ],
    [
      'cannot judge without kubeadm, and says so',
      surveyed({}, { nodes: [node()] }),
      'ConfigMap/kube-system/kubeadm-config: is not there, nor does kube-public/cluster-info name a server. So it cannot be judged which server the kubelets use. Expected kubelets of control-plane nodes to reach an API server without the virtual address. See that server in /etc/kubernetes/kubelet.conf of every control-plane node is the node itself. Then acknowledge this.',
    ],
    ['passes with kubeadm without an endpoint', freshSnapshot({ nodes: [node()] })],
    [
      'passes on k3s, whose kubelets use their own server',
      surveyed({}, { nodes: [node({ kubelet: 'v1.36.3+k3s1' })] }),
    ],
    ['waits for the survey', freshSnapshot({ survey: undefined, nodes: [node()] })],
    [
      'finds controlPlaneEndpoint, and says it once',
      surveyed({ kubeadm: kubeadm(vip), clusterInfoHost: vip }),
      `${endpointIsVip}. Then acknowledge this.`,
    ],
    ...writes.map(
      ([serverVersion, when]) =>
        [
          `says what kubeadm ${serverVersion} writes`,
          surveyed({ kubeadm: kubeadm(vip), serverVersion }),
          `${endpointIsVip} (${when}). Then acknowledge this.`,
        ] as const,
    ),
    [
      'finds cluster-info',
      surveyed({ clusterInfoHost: vip }),
      'ConfigMap/kube-public/cluster-info: names 203.0.113.100 as server. KubeVipConfig edge creates that address. Nothing says which server the kubelets use. A kubelet that uses this address learns of no pod after a full stop. Expected kubelets of control-plane nodes to reach an API server without the virtual address.',
    ],
  ],
  'certificate-lacks-vip': [
    ['passes when it is named', surveyed(certificate(vip, '203.0.113.11'))],
    [
      'passes when nobody answered',
      surveyed({ certificates: [{ node: 'n1', address: '203.0.113.11', port: 6443, names: undefined }] }),
    ],
    [
      'says what is named instead',
      surveyed(certificate('kubernetes', '203.0.113.11')),
      'Node/n1: has no 203.0.113.100 in the certificate of its API server. The certificate names kubernetes, 203.0.113.11. Expected the API server at 203.0.113.11 to name the virtual address. Add the address to the certificate (kubeadm: apiServer.certSANs, then kubeadm init phase certs apiserver. k3s and RKE2: tls-san. Talos: cluster.apiServer.certSANs) and restart the API server.',
    ],
    [
      'leaves another port to its config',
      surveyed({ certificates: [{ node: 'n1', address: '203.0.113.11', port: 8443, names: [] }] }),
    ],
  ],
  'certificate-lacks-node-address': [
    ['passes when it is named', surveyed(certificate(vip, '203.0.113.11'))],
    [
      'finds that it is not',
      surveyed(certificate(vip)),
      'Node/n1: has no 203.0.113.11 in the certificate of its API server. The certificate names 203.0.113.100. Expected the address of the node, at which kube-vip talks to the API server (apiAccess Local).',
    ],
    ['does not care with apiAccess Service', surveyed(certificate(vip), viaService)],
  ],
  'kubernetes-is-untested': [
    [
      'finds one that it cannot read',
      surveyed({ serverVersion: 'main' }),
      'API server: runs Kubernetes main',
    ],
    ['waits for the survey', freshSnapshot({ survey: undefined })],
    [
      'finds one that does not tell it',
      surveyed({}),
      'API server: does not tell which Kubernetes it is. Expected Kubernetes 1.31 to 1.36',
    ],
    ['passes at the lower end', surveyed({ serverVersion: '1.31.0' })],
    ['passes at the upper end, whatever the build', surveyed({ serverVersion: '1.36.3+k3s1' })],
    [
      'finds an old one',
      surveyed({ serverVersion: '1.30.9' }),
      'API server: runs Kubernetes 1.30.9. The operator uses what that release lacks: ip() in CEL, with which its rules and policies read addresses. Expected Kubernetes 1.31 to 1.36, with which the operator is tested (docs/compatibility.md). Try it in a test cluster. Then acknowledge this.',
    ],
    [
      'finds a new one',
      surveyed({ serverVersion: '1.37.0-rc.1' }),
      'API server: runs Kubernetes 1.37.0-rc.1. Expected Kubernetes 1.31 to 1.36, with which the operator is tested (docs/compatibility.md). Try it in a test cluster. Then acknowledge this.',
    ],
  ],
  'pod-security-rejects': [
    ['passes when it was not read', surveyed({})],
    ['passes with privileged', surveyed(labels('privileged'))],
    [
      'cannot judge a default of the API server, and says so',
      surveyed(labels()),
      'Namespace/kube-vip-system: has no Pod Security level. The default of the API server then counts, which cannot be read. So it cannot be judged whether it lets the pods in. Expected level privileged, because kube-vip needs the host network and two capabilities. Label it pod-security.kubernetes.io/enforce=privileged, as config/namespace does.',
    ],
    [
      'finds a level that rejects',
      surveyed(labels('baseline')),
      'Namespace/kube-vip-system: has Pod Security level baseline. Expected level privileged, because kube-vip needs the host network and two capabilities.',
    ],
    [
      'knows the default of Talos',
      surveyed(labels(), { nodes: [node({ osImage: 'Talos (v1.12.0)' })] }),
      'Namespace/kube-vip-system: has Pod Security level baseline, the default of Talos. Expected level privileged, because kube-vip needs the host network and two capabilities.',
    ],
    [
      'passes on Talos with the label',
      surveyed(labels('privileged'), { nodes: [node({ osImage: 'Talos (v1.12.0)' })] }),
    ],
  ],
  'quota-rejects': [
    ['passes without one', surveyed({})],
    [
      'finds too few pods',
      surveyed(quota({ pods: '3' }, { pods: '3' }), { nodes: [node()] }),
      'ResourceQuota/kube-vip-system/all: has room for 0 in pods. Expected room for 1 more pods of kube-vip.',
    ],
    ['passes with room', surveyed(quota({ pods: '3' }, { pods: '2' }), { nodes: [node()] })],
    [
      'passes when all pods run already',
      snapshot({ nodes: [node()], survey: { ...emptySurvey, ...quota({ pods: '6' }, { pods: '6' }) } }),
    ],
    [
      'finds that resources must be said',
      surveyed(quota({ 'limits.memory': '1Gi' })),
      'ResourceQuota/kube-vip-system/all: has a quota 1Gi of limits.memory. Expected no quota of what the pods of kube-vip do not set.',
    ],
    ['passes when the spec says them', surveyed(quota({ 'limits.memory': '1Gi', memory: '1Gi' }), limited)],
    [
      'passes with defaults',
      surveyed({ ...quota({ 'limits.memory': '1Gi' }), limitDefaults: ['limits.memory'] }),
    ],
    ['leaves other counts alone', surveyed(quota({ 'count/secrets': '0' }))],
    [
      'cannot judge a scope, and says so',
      surveyed(
        { quotas: [{ name: 'all', hard: { pods: '0' }, used: {}, isScoped: true }] },
        { nodes: [node()] },
      ),
      'ResourceQuota/kube-vip-system/all: has room for 0 in pods. It has a scope. It cannot be judged whether the pods of kube-vip are in it. Expected room for 1 more pods of kube-vip.',
    ],
    [
      'passes with a scope that has room',
      surveyed(
        { quotas: [{ name: 'all', hard: { pods: '1G' }, used: {}, isScoped: true }] },
        { nodes: [node()] },
      ),
    ],
    [
      'reads thousands as Kubernetes writes them',
      surveyed(quota({ pods: '1k' }, { pods: '1k' }), { nodes: [node()] }),
      'ResourceQuota/kube-vip-system/all: has room for 0 in pods.',
    ],
  ],
  'account-lacks-permission': [
    ['passes when all is allowed', surveyed({})],
    [
      'finds what is not',
      surveyed({ lackedPermissions: ['kube-vip-services: watch endpointslices'] }),
      'ServiceAccount/kube-vip-system/kube-vip-services: may not watch endpointslices. Expected every permission that kube-vip needs. Apply the permissions: kubectl apply -k config/rbac.',
    ],
    [
      'does not care about an account that is not used',
      surveyed({ lackedPermissions: ['kube-vip-services: watch endpointslices'] }, onlyControlPlane),
    ],
  ],
  'crd-is-older': [
    ['passes when all is stored', freshSnapshot()],
    [
      'names what is not',
      freshSnapshot({ unstored: ['status.nodeProbe', 'status.controlPlane.holderContainer'] }),
      'CustomResourceDefinition/kubevipconfigs.kubevip.dev: is older than the operator. It does not store status.nodeProbe, status.controlPlane.holderContainer. The operator keeps that itself until it restarts. Expected the CRD that came with this operator. Apply the CRD: kubectl apply --server-side -k config/crd.',
    ],
  ],
  'fact-is-unclear': [
    ['passes when all that was read says enough', freshSnapshot()],
    [
      'names what does not',
      surveyed({
        unclear: [{ what: 'pods on n8', why: 'They are looked for on 7 control-plane nodes only' }],
      }),
      'pods on n8: does not say all that checks judge. They are looked for on 7 control-plane nodes only. Expected to be able to judge it. Look at it yourself, and acknowledge this check when all is well.',
    ],
  ],
  'fact-is-unread': [
    ['passes when all was read', freshSnapshot()],
    [
      'says what was not, and why',
      surveyed({ unread: [{ what: 'Deployments', why: 'GET /apis/apps/v1/deployments: 403 forbidden' }] }),
      'ServiceAccount/kube-vip-system/kube-vip-operator: cannot read Deployments. GET /apis/apps/v1/deployments: 403 forbidden. Expected to read what checks judge.',
    ],
    [
      'says since when it goes by what it read before',
      surveyed({ unread: [{ what: 'Deployments', why: '500 no', knownSince: '2026-11-24T12:00:00Z' }] }),
      'ServiceAccount/kube-vip-system/kube-vip-operator: cannot read Deployments. 500 no. What was read last counts, of 2026-11-24T12:00:00Z. Expected to read what checks judge.',
    ],
  ],
};
