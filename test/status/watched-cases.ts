// The proof of each fence that is only watched: a situation that is told, and the row without which nobody would tell it.
import type { Observed } from '../../src/observed/observed.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import {
  holderHasNoPod,
  holderPodIsNotReady,
  leaseIsStale,
  noNodeHoldsTheLease,
} from '../../src/modes/arp/readiness.ts';
import { apiServerIsDead } from '../../src/modes/arp/traffic.ts';
import { formerHolderIsThere, formerHolderMayHoldStill } from '../../src/modes/arp/two-owners.ts';
import { noNodeMatches, nodesRunAnOldRevision, podsAreNotReady } from '../../src/status/checks.ts';
import { formerHolderShares, serviceHasVip, servicesShare } from '../../src/status/duplicate-owner.ts';
import { releaseIsReported, timingsAreUnsafe } from '../../src/status/known-hazard.ts';
import {
  deletionIsOverdue,
  deletionWaits,
  removalIsOverdue,
  removalWaits,
} from '../../src/status/plan-progress.ts';
import { service } from '../cluster-builders.ts';
import { daemonSet, freshSnapshot, kubeVipConfig, lease, now, nowText, pod, snapshot } from '../builders.ts';
import { ailing, ended } from '../observed/pod-problem-cases.ts';
import { lost, moved } from '../modes/arp/former-cases.ts';
import { left } from '../modes/arp/left-cases.ts';
import { heard } from './traffic-cases.ts';
import { makePlan } from '../pass.ts';
import { everything, withoutRow, type Means, type Proof } from './proof.ts';
import { networkProofs } from './watched-network-cases.ts';

/** A plan that does not ask who else has what is wanted. */
const blindTo = (fact: keyof Pick<Observed, 'conflicts' | 'servicesWithVip'>): Means => ({
  ...everything,
  plan: (world) => makePlan(world, { [fact]: [] }),
});

const alone = kubeVipConfig({ spec: { services: undefined } });
const only = (overrides: Partial<Snapshot>): Snapshot => snapshot({ config: alone, ...overrides });
const classOnly = kubeVipConfig({ spec: { controlPlane: undefined } });
const servicesOnly = (overrides: Partial<Snapshot>): Snapshot =>
  snapshot({ config: classOnly, ...overrides });
const older = kubeVipConfig({ name: 'old', metadata: { creationTimestamp: '2026-11-24T09:00:00Z' } });
const secondOfClass = kubeVipConfig({
  spec: { controlPlane: undefined, services: { loadBalancerClass: 'kubevip.dev/old' } },
});
const withVip = service({ externalIPs: ['203.0.113.100'] });
const sharing = ['a', 'b'].map((namespace) =>
  service({
    namespace,
    annotations: { 'kube-vip.io/loadbalancerIPs': '203.0.113.10' },
    loadBalancerClass: 'kubevip.dev/edge',
    ports: [{ port: 80, protocol: 'TCP' }],
  }),
);
const deleted = kubeVipConfig({ metadata: { deletionTimestamp: nowText }, spec: { services: undefined } });

const stale = only({ leases: [lease({ ageSeconds: 16 })] });
const staleServices = servicesOnly({
  leases: [lease({ name: 'edge-services', ageSeconds: 16 })],
});
const nowhere = (config = alone, component: 'control-plane' | 'services' = 'control-plane') =>
  snapshot({ config, daemonSets: [daemonSet({ config, component, desired: 0 })] });
const crashing = (exitCode: number) =>
  only({ daemonSets: [daemonSet({ config: alone, ready: 2 })], pods: [ailing(ended(exitCode))] });
const starting = only({
  daemonSets: [daemonSet({ config: alone, ready: 2 })],
  pods: [pod(), pod({ node: 'n2', isReady: false })],
});

const noRenewal = withoutRow(leaseIsStale);
const noPods = withoutRow(podsAreNotReady);

const formerDefault = { leaseDurationSeconds: 15, renewDeadlineSeconds: 10, retryPeriodSeconds: 2 };

export const proofs: readonly Proof[] = [
  ...networkProofs,
  ...['stale-vip-after-crash', 'no-probe', 'late-release', 'orphan-vip-on-delete'].map((id): Proof => ({
    fence: `${id} NotLetGo`,
    world: moved(id.startsWith('orphan') ? { formerHolders: left(9), a: null } : { formerHolders: lost(9) }),
    // Ready would say LettingGo without it.
    told: 'DuplicateOwner',
    without: withoutRow(formerHolderIsThere, formerHolderShares),
  })),
  {
    fence: 'late-release LettingGo',
    world: moved(),
    told: 'Ready',
    without: withoutRow(formerHolderMayHoldStill),
  },
  ...['stale-vip-after-crash', 'lease-too-short', 'no-probe', 'unhealthy-apiserver-leader'].map(
    (id): Proof => ({ fence: `${id} LeaseStale`, world: stale, told: 'Ready', without: noRenewal }),
  ),
  ...['svc-election-stall', 'silent-leader-loss'].map((id): Proof => ({
    fence: `${id} LeaseStale`,
    world: staleServices,
    told: 'Ready',
    without: noRenewal,
  })),
  {
    fence: 'silent-leader-loss NoHolder',
    world: servicesOnly({ leases: [] }),
    told: 'Ready',
    without: withoutRow(noNodeHoldsTheLease),
  },
  {
    fence: 'stale-vip-after-crash HolderWithoutPod',
    world: only({ pods: [pod({ node: 'n2' })] }),
    told: 'Ready',
    without: withoutRow(holderHasNoPod),
  },
  {
    fence: 'stale-vip-after-crash HolderNotReady',
    world: only({ pods: [pod({ isReady: false })] }),
    told: 'Ready',
    without: withoutRow(holderPodIsNotReady),
  },
  {
    fence: 'services-on-control-plane-nodes NoNodeMatches',
    world: nowhere(classOnly, 'services'),
    told: 'Programmed',
    without: withoutRow(noNodeMatches),
  },
  {
    fence: 'cp-selector-wrong NoNodeMatches',
    world: nowhere(),
    told: 'Programmed',
    without: withoutRow(noNodeMatches),
  },
  {
    fence: 'upgrade-all-at-once RollingOut',
    world: only({ daemonSets: [daemonSet({ config: alone, updated: 2 })] }),
    told: 'Programmed',
    without: withoutRow(nodesRunAnOldRevision),
  },
  {
    fence: 'unhealthy-apiserver-leader ApiServerDead',
    world: only({ reach: heard('dead', 'the connection is refused') }),
    told: 'Ready',
    without: withoutRow(apiServerIsDead),
  },
  { fence: 'exit-zero FailedStart', world: crashing(0), told: 'Programmed', without: noPods },
  { fence: 'wrong-interface-name CrashLoop', world: crashing(1), told: 'Programmed', without: noPods },
  { fence: 'interface-not-up CrashLoop', world: crashing(1), told: 'Programmed', without: noPods },
  ...['exit-zero', 'wrong-interface-name', 'interface-not-up'].map((id): Proof => ({
    fence: `${id} PodsNotReady`,
    world: starting,
    told: 'Programmed',
    without: noPods,
  })),
  {
    fence: 'two-installs-same-vip AddressConflict',
    world: freshSnapshot({ config: alone, configs: [alone, older] }),
    told: 'Accepted',
    without: blindTo('conflicts'),
  },
  {
    fence: 'lb-class-conflict ClassConflict',
    world: freshSnapshot({ config: secondOfClass, configs: [secondOfClass, older] }),
    told: 'Accepted',
    without: blindTo('conflicts'),
  },
  {
    fence: 'cp-vip-equals-service-vip ServiceConflict',
    world: freshSnapshot({ config: alone, services: [withVip] }),
    told: 'Accepted',
    without: blindTo('servicesWithVip'),
  },
  {
    fence: 'cp-vip-equals-service-vip ServiceHasAddress',
    world: only({ services: [withVip] }),
    told: 'DuplicateOwner',
    without: withoutRow(serviceHasVip),
  },
  {
    fence: 'shared-service-ip-svc-election ServicesShareAddress',
    world: snapshot({ services: sharing }),
    told: 'DuplicateOwner',
    without: withoutRow(servicesShare),
  },
  {
    fence: 'orphan-vip-on-delete OpenReport',
    world: freshSnapshot({ config: kubeVipConfig({ spec: { version: 'v0.8.7' } }) }),
    told: 'KnownHazard',
    without: withoutRow(releaseIsReported),
  },
  {
    fence: 'late-release UnsafeTimings',
    world: freshSnapshot({ config: kubeVipConfig({ spec: { leaderElection: formerDefault } }) }),
    told: 'KnownHazard',
    without: withoutRow(timingsAreUnsafe),
  },
  {
    fence: 'orphan-vip-on-delete Deleting',
    world: only({ config: deleted }),
    told: 'Ready',
    without: withoutRow(deletionWaits),
  },
  {
    fence: 'orphan-vip-on-delete DeletionOverdue',
    world: only({ config: deleted, deletedAt: now - 181_000 }),
    told: 'Stalled',
    without: withoutRow(deletionIsOverdue),
  },
  {
    fence: 'orphan-vip-on-delete Removing',
    world: snapshot({
      config: classOnly,
      daemonSets: [daemonSet(), daemonSet({ component: 'services' })],
      leases: [lease({ holder: '', parkedFrom: 'n1', acquiredAt: now - 5000 })],
    }),
    told: 'Reconciling',
    without: withoutRow(removalWaits),
  },
  {
    fence: 'orphan-vip-on-delete RemovalOverdue',
    world: snapshot({
      config: classOnly,
      daemonSets: [daemonSet(), daemonSet({ component: 'services' })],
      leases: [lease({ holder: '', parkedFrom: 'n1', acquiredAt: now - 181_000 })],
    }),
    told: 'Stalled',
    without: withoutRow(removalIsOverdue),
  },
];
