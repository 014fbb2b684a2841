// The releases of Kubernetes that the operator runs on, and what the older ones lack. docs/compatibility.md is written from these
// rows, and test/api-server/compatibility.test.ts asks an API server for each.

/** One minor version of Kubernetes. */
export interface KubernetesRelease {
  /** For example `1.31`. */
  readonly minor: string;
  /** The patch release whose API server the tests ran against (`make test-kubernetes`). */
  readonly tested: string;
}

/** Every minor version that is admitted, the oldest first. The newest is the one of `make test`. */
export const kubernetesReleases = [
  { minor: '1.31', tested: '1.31.13' },
  { minor: '1.32', tested: '1.32.9' },
  { minor: '1.33', tested: '1.33.13' },
  { minor: '1.34', tested: '1.34.4' },
  { minor: '1.35', tested: '1.35.4' },
  { minor: '1.36', tested: '1.36.3' },
] as const satisfies readonly [KubernetesRelease, ...KubernetesRelease[]];

/** The oldest minor version, on which every fence holds. */
export const oldestKubernetes: string = kubernetesReleases[0].minor;

/** The newest minor version with which the operator is tested. */
export const newestKubernetes: string =
  kubernetesReleases[kubernetesReleases.length - 1]?.minor ?? oldestKubernetes;

/** What the oldest release has and those before it lack. */
export const floorReason = 'ip() in CEL, with which its rules and policies read addresses';

/** Something of Kubernetes that came with a minor version, and is on unless a flag says otherwise. */
export interface KubernetesFeature {
  readonly id: string;
  readonly what: string;
  /** The first minor version that has it. */
  readonly since: string;
  /** What the operator does with it. */
  readonly use: string;
  /** What a user loses where it is missing. */
  readonly without: string;
}

const nothingWorks = 'The API server refuses the CRD and the admission policies, so there is no fence.';

/** The oldest first. Those up to the oldest release that is admitted are the reasons for the floor. */
export const kubernetesFeatures: readonly KubernetesFeature[] = [
  {
    id: 'optional-types',
    what: 'optional types in CEL (`?.` and `orValue()`)',
    since: '1.29',
    use: 'Rules and policies read fields that may be missing.',
    without: nothingWorks,
  },
  {
    id: 'quantity',
    what: '`quantity()` in CEL',
    since: '1.29',
    use: 'A rule compares requests with limits.',
    without: nothingWorks,
  },
  {
    id: 'admission-policies',
    what: 'ValidatingAdmissionPolicy `v1`',
    since: '1.30',
    use: 'All fences of `config/admission`.',
    without: nothingWorks,
  },
  {
    id: 'ratcheting',
    what: 'ratcheting: a rule is not judged again where nothing has changed',
    since: '1.30',
    use: 'A stored KubeVipConfig that a newer rule refuses can still be edited elsewhere and deleted.',
    without:
      'After an upgrade of the CRD such a KubeVipConfig could not be edited, and its finalizer not removed.',
  },
  {
    id: 'ip',
    what: '`ip()` and `cidr()` in CEL',
    since: '1.31',
    use: 'Rules and policies read addresses.',
    without: nothingWorks,
  },
  {
    id: 'ratcheting-of-status',
    what: 'ratcheting when status is written',
    since: '1.33',
    use: 'The operator writes the status of a KubeVipConfig that a newer rule of the CRD refuses.',
    without:
      'After an upgrade of the CRD such a KubeVipConfig runs on, and can be deleted, but its status stays as it was. The log says which field to correct ("reconcile failed").',
  },
  {
    id: 'service-cidr',
    what: 'ServiceCIDR `networking.k8s.io/v1`',
    since: '1.33',
    use: 'Preflight and grants read the networks of Services from it.',
    without:
      'Preflight (`vip-in-service-network`) and grants know that network only where kubeadm, k3s or RKE2 notes it. On other clusters look yourself that no address and no pool lies in it.',
  },
  {
    id: 'mutating-policies',
    what: 'MutatingAdmissionPolicy `v1`',
    since: '1.36',
    use: 'Nothing. The operator never changes what a person writes.',
    without: 'Nothing.',
  },
  {
    id: 'strict-addresses',
    what: 'StrictIPCIDRValidation: Services store no address with leading zeros',
    since: '1.36',
    use: 'It refuses `203.0.113.010` before a policy sees it.',
    without:
      'Nothing. The policy `service-addresses.kubevip.dev` reads every spelling that Go reads, and the tests try them on each release.',
  },
];
