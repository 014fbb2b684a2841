// The projects whose programs the lab runs, and how Go builds them. tools.ts builds and keeps them.

/** Programs of one project, built together in one version. */
export interface Bundle {
  readonly title: string;
  /** Module whose version in go.mod is the version of the whole bundle. */
  readonly module: string;
  readonly estimate: string;
  /** Program -> Go package. */
  readonly programs: Readonly<Record<string, string>>;
  readonly tags?: string;
  readonly versionFlags: (version: string) => string[];
}

const kubernetesVersion = (version: string) =>
  ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((path) => [
    `-X ${path}.gitVersion=${version}`,
    `-X ${path}.gitMajor=${version.slice(1).split('.')[0]}`,
    `-X ${path}.gitMinor=${version.split('.')[1]}`,
    `-X ${path}.gitTreeState=clean`,
  ]);

/** Everything that is built from a go.mod in `tools`. */
export const bundles = {
  etcd: {
    title: 'etcd',
    module: 'go.etcd.io/etcd/server/v3',
    estimate: 'about 1 minute',
    programs: { etcd: 'go.etcd.io/etcd/server/v3' },
    versionFlags: () => [],
  },
  containerd: {
    title: 'containerd',
    module: 'github.com/containerd/containerd/v2',
    estimate: 'about 2 minutes',
    programs: {
      containerd: 'github.com/containerd/containerd/v2/cmd/containerd',
      'containerd-shim-runc-v2': 'github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2',
      ctr: 'github.com/containerd/containerd/v2/cmd/ctr',
    },
    tags: 'no_btrfs no_devmapper no_zfs',
    versionFlags: (version) => [`-X github.com/containerd/containerd/v2/version.Version=${version}`],
  },
  // Plays kubelets: thousands of nodes that beat, without a process for each.
  kwok: {
    title: 'KWOK',
    module: 'sigs.k8s.io/kwok',
    estimate: 'about 1 minute',
    programs: { kwok: 'sigs.k8s.io/kwok/cmd/kwok' },
    versionFlags: () => [],
  },
  // Reads the workflows of .github.
  actionlint: {
    title: 'actionlint',
    module: 'github.com/rhysd/actionlint',
    estimate: 'a few seconds',
    programs: { actionlint: 'github.com/rhysd/actionlint/cmd/actionlint' },
    versionFlags: () => [],
  },
  // Render the chart and config/, so that a test can compare them.
  helm: {
    title: 'Helm',
    module: 'helm.sh/helm/v4',
    estimate: 'about 4 minutes',
    programs: { helm: 'helm.sh/helm/v4/cmd/helm' },
    versionFlags: (version) => [`-X helm.sh/helm/v4/internal/version.version=${version}`],
  },
  kustomize: {
    title: 'kustomize',
    module: 'sigs.k8s.io/kustomize/kustomize/v5',
    estimate: 'about 1 minute',
    programs: { kustomize: 'sigs.k8s.io/kustomize/kustomize/v5' },
    versionFlags: () => [],
  },
  kubernetes: {
    title: 'Kubernetes',
    module: 'k8s.io/kubernetes',
    estimate: 'about 5 minutes',
    programs: Object.fromEntries(
      ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl', 'kubelet', 'kube-proxy'].map(
        (name) => [name, `k8s.io/kubernetes/cmd/${name}`],
      ),
    ),
    versionFlags: kubernetesVersion,
  },
} as const satisfies Record<string, Bundle>;

export type BundleName = keyof typeof bundles;
