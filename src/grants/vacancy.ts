// Has every node let an address go? No memory of this process tells: a Service may have ended before it began to lead, while its
// kube-vip had crashed, or with a release that leaves the address behind. So the network is asked before each grant. It cannot tell
// what a kube-vip has yet to do: one that hangs binds what a Service was granted and has given up since. Within a class that does
// no harm, because kube-vip takes one event after the other. Between two classes it would make two owners.
import { leavesServiceAddress } from '../catalog/releases.ts';
import { restMs, type Departure } from './departures.ts';
import { choose, isReal, type Candidate, type Check, type Refusal } from './candidate.ts';
import type { GrantFacts } from './grounds.ts';
import { isOurByName } from './standing.ts';

const againSeconds = 10;

/** Whether the kube-vip of a class has no more to do for a Service that went away without having been published. */
function isWorkedOff({ loadBalancerClass = '', at, leader }: Departure, facts: GrantFacts): boolean {
  const { services } = facts.grounds.serverOf(loadBalancerClass)?.config.status ?? {};
  if (services === undefined) {
    return true;
  }
  const now = facts.grounds.leaderOf(loadBalancerClass);
  // A kube-vip that begins to lead reads the Services as they are. Of one that led already when it was not known yet, nothing is known.
  const isAnother = now === '' || (leader !== '' && now !== leader);
  return (
    (isAnother && (services.formerHolders ?? []).length === 0) || facts.workedOffUntil(loadBalancerClass) > at
  );
}

/** Two kube-vip do not wait for each other. */
export const hasRested: Check = ({ wanted, asker }, facts) => {
  const last = facts.book.departureOf(wanted.address);
  if (
    last === undefined ||
    last.loadBalancerClass === asker.loadBalancerClass ||
    !isReal(last, last.loadBalancerClass, facts)
  ) {
    return undefined;
  }
  const leftMs = restMs - (facts.now - last.at);
  const found = `Service ${last.key} of class ${last.loadBalancerClass} with it a moment ago`;
  if (leftMs > 0 && last.loadBalancerClass !== undefined) {
    // The same text however much is left, so that it is told once.
    const todo = `wait at most ${restMs / 1000} s: its kube-vip may still have the address`;
    return { reason: 'AddressResting', found, todo, afterSeconds: Math.ceil(leftMs / 1000) };
  }
  return last.wasPublished || isWorkedOff(last, facts)
    ? undefined
    : {
        reason: 'AddressResting',
        found: `Service ${last.key} of class ${last.loadBalancerClass}, which was granted it and ended before kube-vip had published it`,
        todo: 'wait until that kube-vip publishes what was granted later, or ask an administrator to delete its pod that leads',
        afterSeconds: againSeconds,
      };
};

/** Some releases leave the address of a Service that is deleted, too. */
function isOfLeavingRelease({ loadBalancerClass: name = '' }: Departure, { grounds }: GrantFacts): boolean {
  const { spec, status } = grounds.serverOf(name)?.config ?? {};
  return [spec?.version, status?.version?.running].some(leavesServiceAddress);
}

const isOurs = ({ loadBalancerClass: name }: Departure, { grounds }: GrantFacts): boolean =>
  name === undefined || isOurByName(name) || grounds.serverOf(name) !== undefined;

/** Another Service has it, and the two share it: a node has to have it. */
function isShared({ asker, wanted }: Candidate, facts: GrantFacts): boolean {
  return [...facts.book.holdersOf(wanted.address)].some(
    (holding) => holding.holder.key !== asker.key && isReal(holding, holding.holder.loadBalancerClass, facts),
  );
}

const leftBehind = ({ server }: Candidate, found: string): Refusal => ({
  reason: 'AddressLeftBehind',
  found,
  todo: `${choose(server)}, or ask an administrator to take it off the node that has it (docs/services.md)`,
  afterSeconds: againSeconds,
  isToBeAsked: true,
});

const waits = (found: string, todo: string): Refusal => ({
  reason: 'GrantWaits',
  found,
  todo,
  afterSeconds: againSeconds,
  isToBeAsked: true,
});

const look = (): Refusal =>
  waits('a look at the network, whether some node still has the address', 'nothing has to be done');

/** Why it is not known that no node has an address that nobody is known to have left there. */
const notKnown = {
  somebody: (candidate: Candidate) => leftBehind(candidate, 'a machine that answers for it'),
  unheard: look,
  stale: (): Refusal => ({ ...look(), isStale: true }),
  blind: () =>
    waits(
      'the operator to reach the network of the address, which it cannot from its node',
      'ask an administrator to look at the routes there, or to start the operator with --probe-addresses off',
    ),
  unreferenced: () =>
    waits(
      'another node of the network of the address to answer the operator, without which its silence tells nothing',
      'ask an administrator to look at that network, and at docs/services.md',
    ),
} as const;

/** A node may have the address for the asker itself, or nobody has it. */
const isRight = (candidate: Candidate, facts: GrantFacts): boolean =>
  candidate.asker.held.has(candidate.wanted.address) || isShared(candidate, facts);

const mayBeLeft = (last: Departure, facts: GrantFacts): boolean =>
  (last.isLeftBehind && isOurs(last, facts)) || isOfLeavingRelease(last, facts);

/** The network says that no node has the address. */
export const isOnNoNode: Check = (candidate, facts) => {
  const { address } = candidate.wanted;
  const found = facts.book.departureOf(address);
  const last = found && isReal(found, found.loadBalancerClass, facts) ? found : undefined;
  const sight = facts.sightOf(address);
  if (sight === 'nobody' || isRight(candidate, facts)) {
    return undefined;
  }
  if (last && mayBeLeft(last, facts)) {
    return leftBehind(
      candidate,
      `that Service ${last.key} had it, and kube-vip may have left it on its node`,
    );
  }
  return sight === 'unasked' ? undefined : notKnown[sight](candidate);
};
