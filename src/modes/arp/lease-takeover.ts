// The Lease of a control plane is taken away before its pods are: kube-vip then lets the address go, or is started
// again and takes a left-over off its node before it asks for the Lease (pkg/cluster/clusterLeaderElection.go@v0.6.4
// and later). A pod that is only ended leaves the address behind in v0.6.4, v0.8.7 and v0.8.9, and in every release
// when it is killed (lab run). Where there is no Lease yet, the operator makes it: whoever makes it first leads, so a
// kube-vip that has only started never takes an address that it would then leave behind.
import { systemNamespace } from '../../api/metadata.ts';
import { timingOf } from '../../observed/daemon-set.ts';
import type { Observed } from '../../observed/observed.ts';
import { isTerminating } from '../../observed/pods.ts';
import { controlPlaneTargets, unproven } from './proof.ts';
import type { LeaseView } from '../../observed/snapshot.ts';
import type { Step } from '../../steps/step.ts';
import { abandonCommand, type Departure, type Wait } from '../../steps/waits.ts';

/** How long a Lease that the operator took is valid; it is taken again long before. */
const takenSeconds = 3600;

const nothing: Departure = { steps: [], waits: [] };

const at = (holder: string): string => (holder === '' ? '' : ` on ${holder}`);

const leaseOf = ({ components }: Observed): LeaseView | undefined => components['control-plane'].lease;

/** The Lease of the control plane while the operator has it, and with it the memory of what has to leave. */
export function takenLease(observed: Observed): LeaseView | undefined {
  const lease = leaseOf(observed);
  return lease?.parkedFrom === undefined ? undefined : lease;
}

/** Takes the Lease, or takes it again when it is old. */
function takeLease(observed: Observed, lease: LeaseView): readonly Step[] {
  const { now } = observed.snapshot;
  const { name, resourceVersion, parkedFrom, neverHeld, acquiredAt, renewedAt } = lease;
  const isFresh = now - renewedAt < (takenSeconds * 1000) / 6;
  if (parkedFrom !== undefined && isFresh) {
    return [];
  }
  return [
    {
      kind: 'park-lease',
      name,
      resourceVersion,
      from: parkedFrom ?? lease.holder,
      neverHeld,
      leaving: controlPlaneTargets(observed),
      acquiredAt: parkedFrom === undefined ? now : acquiredAt,
      renewedAt: now,
      durationSeconds: takenSeconds,
    },
  ];
}

const whoWrites = (name: string): string =>
  `see the log of the operator, and who else writes the Lease: kubectl -n ${systemNamespace} get lease ${name} -o yaml --show-managed-fields`;

/** Makes the Lease before any kube-vip does, so that none ever leads. */
function makeLease({ components, snapshot: { now } }: Observed): Departure {
  const { name } = components['control-plane'];
  const made = { resourceVersion: undefined, from: '', neverHeld: true, leaving: [] };
  return {
    steps: [
      { kind: 'park-lease', name, ...made, acquiredAt: now, renewedAt: now, durationSeconds: takenSeconds },
    ],
    waits: [
      { what: `Lease ${name}`, why: 'it is being made so that no kube-vip leads', late: whoWrites(name) },
    ],
  };
}

/** Takes a Lease that the operator has again before it runs out. */
export function keepTakenLease(observed: Observed): readonly Step[] {
  const lease = takenLease(observed);
  return lease ? takeLease(observed, lease) : [];
}

/**
 * When kube-vip has given up a Lease that it cannot renew: client-go waits up to 2.2 retry periods. Its pods may elect
 * as they were started, or already as the spec says now.
 */
function letGoAt(observed: Observed, { acquiredAt }: LeaseView): number {
  const { owned: live, timing } = observed.components['control-plane'];
  const timings = [timing, (live && timingOf(live)) ?? []].flat();
  const longest = timings.map((row) => row.renewDeadlineSeconds + 2.2 * row.retryPeriodSeconds);
  return acquiredAt + 1000 * Math.max(...longest);
}

/** Whether kube-vip has lost the Lease that the operator took from it. */
export function hasLetGo(observed: Observed): boolean {
  const lease = takenLease(observed);
  return lease !== undefined && observed.snapshot.now >= letGoAt(observed, lease);
}

function waitsFor(observed: Observed, lease: LeaseView): readonly Wait[] {
  const { config } = observed.snapshot;
  const { parkedFrom = '' } = lease;
  const targets = controlPlaneTargets(observed);
  if (!hasLetGo(observed)) {
    const addresses = targets.map(({ address }) => address).join(' and ') || 'its address';
    const seconds = Math.ceil((letGoAt(observed, lease) - lease.acquiredAt) / 1000);
    return [
      {
        what: `kube-vip${at(parkedFrom)} to give up ${addresses}`,
        why: 'its Lease was taken from it',
        late: `wait: that takes up to ${seconds} s`,
      },
    ];
  }
  return unproven(observed, 'parked', targets).map(({ address, said, answers, nodes, otherwise }) =>
    answers
      ? {
          ...said,
          todo: `when kube-vip${nodes === '' ? at(parkedFrom) : ` on ${nodes}`} has it, delete its pod there: the next one removes the address at its start. When it was never ours, run ${abandonCommand(config, address)}`,
        }
      : { ...said, ...otherwise },
  );
}

/** What is to be done, and waited for, before the DaemonSet of the control plane may be deleted. */
export function withdrawLease(observed: Observed): Departure {
  const { owned } = observed.components['control-plane'];
  if (owned === undefined || isTerminating(owned)) {
    return nothing;
  }
  const lease = leaseOf(observed);
  if (lease === undefined) {
    return makeLease(observed);
  }
  const steps = takeLease(observed, lease);
  if (lease.neverHeld) {
    return { steps, waits: [] };
  }
  if (lease.parkedFrom === undefined) {
    const why = `it is being taken${lease.holder === '' ? '' : ` from ${lease.holder}`}`;
    return { steps, waits: [{ what: `Lease ${lease.name}`, why, late: whoWrites(lease.name) }] };
  }
  return {
    steps,
    waits: waitsFor(observed, lease),
    // Not before: each look keeps the present owner in the neighbour caches between.
    ...(hasLetGo(observed) && {
      ask: { stage: 'parked', targets: controlPlaneTargets(observed) },
    }),
  };
}

/**
 * Lets kube-vip lead again: only the one that it was taken from, which may have the address still. Were the Lease
 * free, another node would take it at once, and there would be two owners. When the first is gone, the Lease runs out.
 */
export function returnLease(observed: Observed): readonly Step[] {
  const lease = takenLease(observed);
  if (lease === undefined) {
    return [];
  }
  const { name, resourceVersion, parkedFrom: to = '' } = lease;
  const { leaseDurationSeconds: durationSeconds } = observed.spec.election;
  return to === ''
    ? [{ kind: 'delete-lease', name }]
    : [
        {
          kind: 'return-lease',
          name,
          resourceVersion,
          to,
          durationSeconds,
          renewedAt: observed.snapshot.now,
        },
      ];
}
