// Hazards of elections, Leases and the shape of the process.
import { cel, notExpressible, policy, preflight, rollout, upstream, watched, type Hazard } from './row.ts';

/** Ways in which an election, a Lease or a restart of kube-vip harms. */
export const electionHazards: readonly Hazard[] = [
  {
    id: 'arp-no-election',
    breaks: 'Without election every node announces the address, as soon as the mode is not ARP.',
    settings: 'vip_leaderelection=false',
    versions: 'all, but ARP does not read it',
    evidence: [...upstream(975), 'pkg/manager/worker/arp.go@v1.2.3', 'lab run, v0.7.2'],
    fences: [
      notExpressible('Under ARP there is always an election. No field turns it off.', {
        always: { vip_leaderelection: 'true' },
        noField: ['spec.leaderElection.enabled', 'spec.vip_leaderelection'],
      }),
    ],
  },
  {
    id: 'cp-svc-one-process',
    breaks:
      'Losing the Lease of Services ends the process that owns the control-plane address, and the reverse.',
    settings: 'cp_enable and svc_enable in one process',
    versions: 'all',
    evidence: [...upstream(188, 752, 1747), 'pkg/cluster/clusterLeaderElection.go@v0.8.9'],
    fences: [
      notExpressible('Control plane and services are always two DaemonSets.', {
        shape: 'one function per process',
      }),
      policy('foreign-kube-vip', 'A foreign workload with both in one process is refused.'),
    ],
  },
  {
    id: 'services-on-control-plane-nodes',
    breaks:
      'Traffic of Services crosses the API servers, and Services with policy Local find no endpoint there.',
    settings: 'services on control-plane nodes',
    versions: 'all',
    evidence: [...upstream(914, 980), 'timothystewart6/k3s-ansible#575', 'harvester/docs#1078'],
    fences: [
      notExpressible(
        'By default Services tolerate no taint, so they keep off a control plane that has one.',
        {
          shape: 'no toleration for services',
        },
      ),
      watched('NoNodeMatches', 'Where every node has a taint nothing is served, and status says so.'),
      preflight(
        'services-on-control-plane-only',
        'The check finds a nodeSelector that matches control-plane nodes only, though there are workers.',
      ),
      preflight(
        'services-on-control-plane-too',
        'The check finds control-plane nodes without a taint that carry Services, though there are workers.',
      ),
    ],
    notCovered:
      'A cluster of control-plane nodes alone has no other nodes for Services. Whether Services with policy Local have an endpoint on a selected node is not asked.',
  },
  {
    id: 'lease-too-short',
    breaks:
      'etcd or the API server is slow. The leader loses the Lease, the address moves, and connections are reset.',
    settings: 'vip_leaseduration 5, vip_renewdeadline 3, vip_retryperiod 1',
    versions: 'all, default before v1.1.0',
    evidence: [...upstream(72, 282, 346, 453, 1032, 1112, 1266, 1429), 'kubernetes-sigs/kubespray#10927'],
    fences: [
      notExpressible(
        'The timing is always rendered. It is 24, 10 and 2 seconds unless the spec says otherwise.',
        {
          shape: 'explicit election timing',
          bound: { field: 'spec.leaderElection.leaseDurationSeconds', minimum: 5 },
        },
      ),
      preflight('api-is-fast', 'Each node measures whether the API server answers within the retry period.'),
      watched('LeaseStale', 'The holder does not renew in time.'),
    ],
    notCovered: 'An API server may become slow later.',
  },
  {
    id: 'lease-inequality',
    breaks: 'client-go refuses the timings and kube-vip never starts.',
    settings: 'lease duration not above renew deadline, or that not above 1.2 x retry period',
    versions: 'all',
    evidence: upstream(924),
    fences: [
      cel('The API server refuses such timings.', 'lease-outlives-letting-go', 'renew-outlives-retry'),
    ],
  },
  {
    id: 'lease-too-long',
    breaks: 'A fail-over takes minutes.',
    settings: 'for example 120, 40 and 10 seconds',
    versions: 'all',
    evidence: ['angeloxx/cilium-haegress-operator#30'],
    fences: [
      notExpressible('The lease duration is at most 60 s.', {
        bound: { field: 'spec.leaderElection.leaseDurationSeconds', maximum: 60 },
      }),
    ],
  },
  {
    id: 'svc-election-scale',
    breaks: 'An election per Service on every node floods the API server, which throttles all of them.',
    settings: 'svc_election=true and many Services',
    versions: 'all, worst v0.6.0 and v1.0.1',
    evidence: upstream(563, 1425, 1665),
    fences: [
      notExpressible('All Services have one Lease.', {
        always: { svc_election: 'false' },
        noField: ['spec.services.election'],
      }),
    ],
  },
  {
    id: 'svc-election-stall',
    breaks: 'After a timeout of etcd the address is on no node until a pod is restarted.',
    settings: 'svc_election=true',
    versions: 'v1.0.1 to v1.0.3, with variants before and in v1.2.2',
    evidence: upstream(475, 1032, 1112, 1377, 1650, 1663),
    fences: [
      notExpressible('All Services have one Lease.', { always: { svc_election: 'false' } }),
      cel('These releases are refused for services.', 'v0.8.9-not-for-services', 'v1.2.2-is-avoided'),
      watched('LeaseStale', 'The holder does not renew the Lease.'),
    ],
  },
  {
    id: 'silent-leader-loss',
    breaks: 'The leader of Services loses its Lease, stays Running and serves nothing.',
    settings: 'services with one Lease',
    versions: 'v1.2.0 to v1.2.3',
    evidence: [...upstream(1747), 'harvester/harvester#11584'],
    fences: [
      cel(
        'These releases are refused for services.',
        'v1.2.0-not-for-services',
        'v1.2.1-not-for-services',
        'v1.2.2-is-avoided',
        'v1.2.3-not-for-services',
      ),
      watched('LeaseStale', 'The holder does not renew the Lease.'),
      watched('NoHolder', 'No node takes the Lease.'),
    ],
  },
  {
    id: 'no-probe',
    breaks: 'A process that hangs is never restarted. Its health port still says OK.',
    settings: 'no liveness probe, or health_check_port from v1.1.0 on, which keeps a stopped process alive',
    versions: 'all',
    evidence: [...upstream(779), 'kube-vip/helm-charts#87', 'pkg/manager/manager.go@v1.2.3'],
    fences: [
      notExpressible('The health port is never opened, because it does not tell the truth.', {
        never: ['health_check_port'],
        shape: 'no probe',
      }),
      watched('LeaseStale', 'Status is read from the Lease, which a hung process does not renew.'),
      watched('NotLetGo', 'The process of a former holder goes on after it lost the Lease.'),
    ],
    notCovered: 'A hung pod is not restarted. Status names the pod, and a person deletes it.',
  },
  {
    id: 'late-release',
    breaks:
      'A kube-vip whose API server hangs takes its address off only after it tried to free its Lease, for up to another renew deadline. Meanwhile the Lease runs out and another node adds the address. An answer that comes late frees the Lease of that node, and a third one adds the address too.',
    settings:
      'lease duration not above 2 x renew deadline + retry period, as with the default of kube-vip v1.1.0 and later (15, 10, 2), and one API server that hangs, whether it answers again or not',
    versions:
      'all; up to v0.8.7 (client-go 0.29 and before) the attempt to free the Lease has no deadline of its own',
    evidence: [
      'lab run, v1.1.2, lease 15/10/2: two owners for 4.1 to 5.5 s of a control-plane address in four of four runs, of a Service address for 2.9 and 10.8 s in two of four; lease 15/6/2 and 24/10/2: none',
      'lab run, v0.6.4: two owners for 17 to 30 s, whatever the timings; with connections that end, none at 15/6/2 and 24/10/2',
      'lab run, v1.1.2, lease 6/4/1: two owners for 4.1 to 4.8 s in four of four runs',
      'lab run, v1.1.2, lease 8/3/1: never two owners in six of six runs',
      'pkg/cluster/clusterLeaderElection.go@v0.6.4',
      'pkg/election/election.go@v1.1.2',
      'kubernetes/kubernetes#132849',
    ],
    fences: [
      notExpressible('Up to v0.8.7 a hung connection is ended after two renew deadlines.', {
        shape: 'hung connections end',
      }),
      cel('Timings that end with two owners are refused.', 'lease-outlives-letting-go'),
      watched('UnsafeTimings', 'Timings that were stored before, with the line to write.'),
      watched('NotLetGo', 'A former holder that goes on after its Lease ran out or was freed.'),
      watched('LettingGo', 'Ready is not said again before the former holders let go.'),
    ],
  },
  {
    id: 'upgrade-all-at-once',
    breaks: 'All elections restart together and the address is on no node until one is won.',
    settings: 'maxUnavailable above 1, or a mass delete',
    versions: 'all',
    evidence: [...upstream(1533), 'harvester/harvester#4221'],
    fences: [
      notExpressible('No controller replaces a pod by itself. No field changes that.', {
        shape: 'no pod ends by itself',
        noField: ['spec.rollout.maxUnavailable', 'spec.updateStrategy'],
      }),
      rollout('address-is-held', 'The holder is changed last. What fails a gate goes back by itself.'),
      watched('RollingOut', 'The condition tells how far an upgrade is, and what it waits for.'),
    ],
  },
  {
    id: 'rename-daemonset',
    breaks: 'The old and the new DaemonSet run together and both own the address.',
    settings: 'another name, namespace or Lease name in an upgrade',
    versions: 'all',
    evidence: ['rwlove/home-ops#13728'],
    fences: [
      notExpressible('Names follow the name of the KubeVipConfig, which cannot change.', {
        shape: 'Leases of its own',
        noField: ['spec.namespace', 'spec.leaderElection.leaseName'],
      }),
      cel('The address and the class stay with the object.', 'addresses-are-immutable', 'class-is-immutable'),
      policy(
        'kubevipconfig-claims',
        'The same address under another name is refused until the first is gone.',
      ),
    ],
  },
  {
    id: 'exit-zero',
    breaks: 'A process with a wrong configuration ends with exit code 0, so nothing looks broken.',
    settings: 'invalid environment, missing credentials',
    versions: 'v0.8.10 and later',
    evidence: ['cmd/kube-vip.go@v1.2.3', 'lab run, v1.1.2'],
    fences: [
      notExpressible('No variable that a person writes reaches kube-vip. A test parses each rendered one.', {
        noField: ['spec.env', 'spec.controlPlane.env', 'spec.services.env', 'spec.extraEnv'],
      }),
      watched('FailedStart', 'The condition reports exit code 0 as a failed start.'),
      watched('PodsNotReady', 'Pods of the current revision that are not ready, whatever they exited with.'),
    ],
  },
  {
    id: 'preserve-vip',
    breaks: 'The address is on two nodes on purpose, and a partitioned node keeps answering for it.',
    settings: 'vip_preserve_on_leadership_loss=true',
    versions: 'v1.0.2 and later',
    evidence: upstream(1306),
    fences: [
      notExpressible('Never set.', {
        never: ['vip_preserve_on_leadership_loss'],
        noField: ['spec.arp.preserveOnLeadershipLoss'],
      }),
    ],
  },
];
