package main

import (
	"context"
	"log/slog"
	"os"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	coordination "k8s.io/client-go/kubernetes/typed/coordination/v1"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

const namespaceFile = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"

// leaseKey names a Lease as kube-vip from v1.1.0 does: "ns/name" says it all, a bare name lies in the
// namespace of the mounted ServiceAccount.
func leaseKey(name, mounted, fallback string) metav1.ObjectMeta {
	if namespace, bare, ok := strings.Cut(name, "/"); ok {
		return metav1.ObjectMeta{Namespace: namespace, Name: bare}
	}
	if mounted == "" {
		mounted = fallback
	}
	return metav1.ObjectMeta{Namespace: mounted, Name: name}
}

func mountedNamespace() string {
	text, _ := os.ReadFile(namespaceFile)
	return strings.TrimSpace(string(text))
}

// newElection prepares the election for one Lease. Its Run returns when leadership is lost, or after ctx
// has ended and the Lease is given back. With an API server that does not answer, client-go tries to give
// back for one more renew deadline before Run returns: the addresses stay that long, as with kube-vip.
func newElection(
	leases coordination.LeasesGetter, c config, name string, lead func(context.Context),
) (*leaderelection.LeaderElector, error) {
	return leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{
		Lock: &resourcelock.LeaseLock{
			LeaseMeta:  leaseKey(name, mountedNamespace(), c.fallbackNamespace),
			Client:     leases,
			LockConfig: resourcelock.ResourceLockConfig{Identity: c.node},
		},
		LeaseDuration:   c.leaseDuration,
		RenewDeadline:   c.renewDeadline,
		RetryPeriod:     c.retryPeriod,
		ReleaseOnCancel: true,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(ctx context.Context) {
				slog.Info("leading", "lease", name, "node", c.node)
				lead(ctx)
			},
			OnStoppedLeading: func() { slog.Info("not leading", "lease", name, "node", c.node) },
			OnNewLeader:      func(leader string) { slog.Info("leader", "lease", name, "holder", leader) },
		},
	})
}
