// Hazards of what a person with few rights, or an accident, can do to addresses.
import { policy, preflight, upstream, type Hazard } from './row.ts';

/** Ways in which the author of a Service, or a deletion by accident, gives or takes an address. */
export const tenantHazards: readonly Hazard[] = [
  {
    id: 'service-takes-any-address',
    breaks:
      'A person who may create a Service makes kube-vip take any address of the network, for example that of the gateway.',
    settings:
      'kube-vip.io/loadbalancerIPs or spec.loadBalancerIP with an address that the Service should not have',
    versions: 'all, because kube-vip compares the address with nothing',
    evidence: [
      'kubernetes/kubernetes#97076',
      'pkg/vip/address.go@v1.2.3',
      'lab run, v1.1.2: a Service that was there before the install had the gateway of the nodes bound on one of them. The control-plane address moved, and kube-vip of the Services started again and again',
    ],
    fences: [
      policy(
        'service-requests',
        'Only the operator writes the annotation that kube-vip reads. spec.loadBalancerIP is refused.',
      ),
      policy('service-requests-by-class', 'The same holds in a class that does not begin with kubevip.dev/.'),
      policy('service-addresses', 'A Service may not use an address of a pool that it was not granted.'),
      policy(
        'service-writers',
        'The accounts of the operator and of kube-vip may change only what is theirs.',
      ),
      preflight(
        'pool-address-is-elsewhere',
        'The check names a Service that had an address of a pool before the pool.',
      ),
      preflight(
        'service-asks-without-grant',
        'The kube-vip of the Services does not start while a Service that is older than the policies asks it for what it never had.',
      ),
    ],
    notCovered:
      'A Service keeps what it had published before the policies were there. While the kube-vip of the Services runs, the check only warns.',
  },
  {
    id: 'external-ip-captures-traffic',
    breaks: 'A person who may create a Service captures what pods and nodes send to an address.',
    settings:
      'spec.externalIPs with an address that the Service should not have. kube-proxy serves it, and no kube-vip is needed',
    versions: 'all',
    evidence: ['kubernetes/kubernetes#97076'],
    fences: [
      policy(
        'service-addresses',
        'An address of a control plane or of a pool in spec.externalIPs is refused.',
      ),
    ],
    notCovered:
      'Every other address is admitted, also that of a node, because Kubernetes admits it. The admission plugin DenyServiceExternalIPs of the API server refuses all of them.',
  },
  {
    id: 'annotation-beats-setting',
    breaks: 'An annotation on a Service beats what is rendered, for example the interface.',
    settings: 'kube-vip.io/serviceInterface and others',
    versions: 'v0.8.0 and later for the interface',
    evidence: upstream(1173),
    fences: [
      policy(
        'service-requests',
        'Each annotation of kube-vip that is not on the list of allowed ones is refused.',
      ),
      policy('service-requests-by-class', 'The same holds in a class that does not begin with kubevip.dev/.'),
    ],
    notCovered: 'A Service keeps what it had before the policies were there.',
  },
  {
    id: 'too-large-to-judge',
    breaks: 'A Service is too large for a policy to judge within its budget, and the API server admits it.',
    settings: 'spec.externalIPs with thousands of entries, or long texts',
    versions: 'all',
    evidence: ['inferred'],
    fences: [
      policy(
        'service-limits',
        'Every list and text that a policy reads has a limit. A Service beyond it is refused.',
      ),
    ],
  },
  {
    id: 'service-without-room',
    breaks:
      'A Service has no room for what kube-vip writes into it. The API server refuses the write, kube-vip tries it 3,000 times, and all Services wait. After a fail-over their addresses are on no node.',
    settings:
      'nearly 262,144 bytes of annotations, or a Service of nearly 1.5 MiB, for example by its labels. These are as many as the API server and etcd take',
    versions: 'v0.8.10 and later',
    evidence: [
      'pkg/services/services.go@v1.2.3',
      'lab run, v1.1.2: one Service with 11,820 labels kept the addresses of the others off every node for 140 s, until the run was ended',
    ],
    fences: [
      policy(
        'service-limits',
        'A load balancer with a class may have 256 annotations, 200,000 bytes of them, and 256 ports. Labels, selector, finalizers, owners, source ranges and conditions may have 256 entries and 20,000 bytes each, and the list of field managers 256 and 200,000.',
      ),
    ],
    notCovered: 'A Service keeps what it had before the policies were there.',
  },
  {
    id: 'deleted-before-published',
    breaks:
      'A Service is deleted after it was granted an address and before kube-vip has published it. kube-vip asks for it 3,000 times, and meanwhile no other Service gets or loses an address.',
    settings: 'none, but Services that are deleted as soon as they are made',
    versions: 'v0.8.10 and later',
    evidence: [
      'pkg/services/services.go@v1.2.3',
      'lab run, v1.1.2: 60 Services were made and deleted. Two of them held up all others for 41 and 47 s, and 17 more were in the queue. 45 addresses stayed on the node meanwhile',
      'lab run, v1.1.2: 60 Services were deleted in the second in which another node began to lead. 49 of them were still in its queue, and took 43 to 51 s each. What was in the queue before them was back after 9 s. A new Service of another namespace had no address when the run was ended after 7 minutes. The same 60, deleted while none led, held up no other',
    ],
    fences: [],
    notCovered:
      'No policy can know when kube-vip has a Service in its queue. The operator lets a namespace have one grant under way, also before a kube-vip leads, and none for a while after it let it go. After a fail-over kube-vip has every Service in its queue, and works off some 4 a second. A deletion before the turn of its Service holds up all others for up to 51 s, and the operator cannot help it. A quota on services.loadbalancers bounds that: 51 s for each Service that it permits. To end it delete the kube-vip pod of the holder: the next one does not read what is gone, and in the run the others had their addresses 3 s later.',
  },
  {
    id: 'deleted-by-accident',
    breaks:
      'The CRD, the namespace or an account of kube-vip is deleted by accident, and the addresses go with it.',
    settings: 'kubectl delete crd, kubectl delete namespace',
    versions: 'all',
    evidence: ['lab run, v1.1.2: the control-plane address was gone for 47 s (CRD) and 14 s (namespace)'],
    fences: [
      policy(
        'deletions',
        'While a KubeVipConfig exists the deletion is refused, unless an annotation permits it.',
      ),
    ],
    notCovered: 'Kubernetes does not let a policy guard a policy.',
  },
  {
    id: 'false-word-of-a-witness',
    breaks:
      'An account that may write Leases says in the name of a witness that another node answers for an address. The operator believes it and ends a kube-vip.',
    settings: 'write access to Leases of the namespace kube-vip-system',
    versions: 'all',
    evidence: ['inferred'],
    fences: [
      policy(
        'witness-leases',
        'Only the account of the witnesses writes answers, each witness those of its own node.',
      ),
    ],
    notCovered:
      'Whoever is root on the node of a witness can say anything in its name. That person can also have the address.',
  },
];
