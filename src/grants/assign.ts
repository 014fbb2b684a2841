// What a Service gets that asks for nothing. Each address goes through the checks of one that is asked for. One that a machine
// answers for is passed over, and not looked at again for an hour.
import type { AddressValue } from '../api/address-range.ts';
import { requestAnnotations } from '../api/metadata.ts';
import type { Family } from '../api/addresses.ts';
import { restMs } from './departures.ts';
import type { Refusal } from './candidate.ts';
import { refusalOf } from './checks.ts';
import { choose, type Choice, type Pick, type Taken } from './choose.ts';
import { hindered, placeOf, refused, warning, type Decision } from './decision.ts';
import { valueOf, type GrantFacts, type Server, type Sight } from './grounds.ts';
import { permitsOthers } from './other-balancers.ts';
import { closedTo, poolsToChoose, type Pool } from './pools.ts';
import { atOnce } from './prospects.ts';
import type { Turn } from './pace.ts';
import type { Hindrance } from './readiness.ts';
import type { Wanted } from './request.ts';
import { familiesToChoose, type Standing } from './standing.ts';

// An address may be free again without a word of it: it has rested, or a stranger has gone.
const againSeconds = 60;

const wait = (found: string, todo = 'nothing has to be done', afterSeconds = againSeconds): Hindrance => ({
  reason: 'GrantWaits',
  found,
  todo,
  afterSeconds,
});

function hinderedNote(server: Server, { reason, found, todo }: Hindrance, address = 'an address'): string {
  return reason === 'GrantWaits'
    ? `${address} of ${placeOf(server)} waits for ${found}; ${todo}`
    : `spec.loadBalancerClass: expected a KubeVipConfig that can grant, found ${found} of ${placeOf(server)}; ${todo}`;
}

/** With these the address may turn out to be free: nobody was heard there, or nothing is heard on its network now. */
const openSights: readonly Sight[] = ['unheard', 'stale', 'unreferenced'];
/** With these it is not free now. */
const closedSights: readonly Sight[] = ['somebody', 'blind'];
const lookSeconds = 10;
/** One look through the pools, and what was noticed on the way. */
class Look implements Taken {
  readonly #asker: Standing;
  readonly #server: Server;
  readonly #facts: GrantFacts;
  /** A machine answers for these, or nothing is heard of them. */
  readonly unusable: string[] = [];
  /** What the one that was looked at last waits for, of those that may turn out to be free. */
  unheard: Hindrance | undefined;
  /** In how many milliseconds one of those that rest may be given away. */
  restsMs = Infinity;

  constructor(asker: Standing, server: Server, facts: GrantFacts) {
    [this.#asker, this.#server, this.#facts] = [asker, server, facts];
  }

  firstFree: Taken['firstFree'] = (range) => this.#facts.book.firstFree(range);

  endOfOthers = (value: AddressValue): bigint | undefined => {
    const { endOfNetwork, ofOthers } = this.#facts.grounds;
    return endOfNetwork(value) ?? (permitsOthers(this.#server) ? undefined : ofOthers?.endOf(value));
  };

  isOfAnother = (address: string): boolean => this.#facts.prospects.isOfAnother(address, this.#asker.key);

  look = (wanted: Wanted): ReturnType<Taken['look']> => {
    const { address } = wanted;
    const { book, prospects, now } = this.#facts;
    if (
      book.isHeldByAnother(address, this.#asker.key) ||
      prospects.isAvoided(address, now) ||
      this.#rests(address)
    ) {
      return 'taken';
    }
    const candidate = { wanted, all: new Set([address]), asker: this.#asker, server: this.#server };
    const refusal = refusalOf(candidate, this.#facts);
    return refusal === undefined ? 'free' : this.#judge(address, refusal);
  };

  #judge(address: string, refusal: Refusal): 'open' | 'taken' {
    const { reason, isToBeAsked = false, afterSeconds = 0 } = refusal;
    const sight = this.#facts.sightOf(address);
    if (isToBeAsked && openSights.includes(sight)) {
      this.unheard = wait(refusal.found, refusal.todo, lookSeconds);
      return 'open';
    }
    if (isToBeAsked && closedSights.includes(sight)) {
      this.#passOver(address, sight);
    } else if (reason === 'AddressResting') {
      this.restsMs = Math.min(this.restsMs, afterSeconds * 1000);
    }
    return 'taken';
  }

  /** What was given up just now a kube-vip may have still. An hour would let a tenant use a pool up, deleting Services and making them anew. */
  #passOver(address: string, sight: Sight): void {
    const at = this.#facts.book.departureOf(address)?.at ?? -Infinity;
    if (sight === 'somebody' && this.#facts.now - at < restMs) {
      this.restsMs = Math.min(this.restsMs, againSeconds * 1000);
    } else {
      this.unusable.push(address);
    }
  }

  /** Given up a moment ago by another Service; or it may have been, just before this process began to lead, and nobody asks. */
  #rests(address: string): boolean {
    const { book, now, since, sightOf } = this.#facts;
    const last = book.departureOf(address);
    const at = last?.key === this.#asker.key ? undefined : last?.at;
    const leftMs =
      restMs - (now - Math.max(at ?? -Infinity, sightOf(address) === 'unasked' ? since : -Infinity));
    if (leftMs > 0) {
      this.restsMs = Math.min(this.restsMs, leftMs);
    }
    return leftMs > 0;
  }
}

/** Why no pool is open to a Service. */
function nowhere(asker: Standing, server: Server): Decision {
  const place = placeOf(server);
  if (server.offer === '') {
    const todo = 'ask an administrator to list addresses in its spec.services.pools';
    return refused('NoPool', `spec.loadBalancerClass: expected pools of ${place}, found none; ${todo}`);
  }
  if (asker.pool !== undefined && !server.offers.some(({ name }) => name === asker.pool)) {
    const todo = `choose one of ${server.offer}`;
    return refused(
      'NoPool',
      `${requestAnnotations.pool}: expected a pool of ${place}, found ${asker.pool}; ${todo}`,
    );
  }
  const wanted = server.offers.filter(({ name }) => asker.pool === undefined || name === asker.pool);
  const why = wanted.map((pool) => closedTo(pool, asker) ?? `pool ${pool.name} without autoAssign`);
  const todo = 'ask for one of them with the annotation kubevip.dev/pool, or ask an administrator for a pool';
  return refused(
    'NoPool',
    `spec.loadBalancerClass: expected a pool of ${place} for this Service, found ${why.slice(0, 4).join(', and ')}; ${todo}`,
  );
}

/** Nothing is to be had now. */
function exhausted(family: Family, pools: readonly Pool[], server: Server, look: Look): Decision {
  const names = pools.map(({ name }) => name).join(' and ');
  const afterSeconds = Math.min(againSeconds, Math.ceil(look.restsMs / 1000));
  if (look.restsMs < Infinity) {
    const row = wait(`an address that was given up within the last minute`, undefined, afterSeconds);
    return hindered(row, hinderedNote(server, row, `an ${family} address`));
  }
  const note = `spec.loadBalancerClass: expected a free ${family} address in pool ${names} of ${placeOf(server)}, found none; ask an administrator for more addresses, or delete a Service that needs none`;
  return { grant: undefined, told: [warning('PoolExhausted', note)], isWaiting: true, afterSeconds };
}

function assigned(asker: Standing, server: Server, picks: readonly Pick[]): Decision {
  const grant = [...asker.granted, ...picks.map(({ address }) => address)].join(',');
  const pools = [...new Set(picks.map(({ pool }) => pool))];
  const note = `${picks.map(({ address }) => address).join(',')} from pool ${pools.join(' and ')} of ${placeOf(server)} is assigned, and stays until the Service is deleted.`;
  return {
    grant,
    assigned: pools.join(','),
    told: [{ type: 'Normal', reason: 'AddressAssigned', note }],
    isWaiting: false,
  };
}

/**
 * It has to be heard of some of what was chosen that no node has it, when the turn of the Service is near; meanwhile it is not given
 * away by another choice.
 */
function open(server: Server, picks: readonly Pick[], turn: Turn | undefined, look: Look): Decision {
  const isSoon = turn === undefined || turn.isSoon;
  const toBeAsked = isSoon ? picks.filter(({ isOpen }) => isOpen).map(({ address }) => address) : [];
  const row = turn ?? look.unheard ?? wait('a look at the network');
  const note = hinderedNote(server, row, picks.map(({ address }) => address).join(' and '));
  return {
    ...hindered(row, note),
    isInLine: true,
    aims: picks.map(({ address }) => address),
    ...(toBeAsked.length > 0 && { toBeAsked }),
  };
}

function paused(families: readonly Family[], asker: Standing, facts: GrantFacts) {
  const { loadBalancerClass = '' } = asker;
  const rows = families.map(
    (family) => [family, facts.prospects.pauseOf(loadBalancerClass, family, facts.now)] as const,
  );
  return new Map(
    rows.flatMap(([family, seconds]) => (seconds === undefined ? [] : [[family, seconds] as const])),
  );
}

/** What became of a look through the pools, whosever turn it is. */
function outcomeOf(choice: Choice, look: Look, { asker, server, pools, facts }: Looker): Decision {
  if (choice.kind === 'none') {
    return exhausted(choice.family, pools, server, look);
  }
  const turn = facts.turnOf(asker);
  return turn !== undefined || choice.picks.some(({ isOpen }) => isOpen)
    ? open(server, choice.picks, turn, look)
    : assigned(asker, server, choice.picks);
}

interface Looker {
  readonly asker: Standing;
  readonly server: Server;
  readonly pools: readonly Pool[];
  readonly facts: GrantFacts;
}

function search(looker: Looker): Decision {
  const { asker, server, pools, facts } = looker;
  const families = familiesToChoose(asker);
  const pauses = paused(families, asker, facts);
  const open = families.filter((family) => !pauses.has(family));
  if (open.length === 0 || (asker.needsBoth && open.length < families.length)) {
    const row = wait(
      'a minute, because machines answer for many addresses of its pools, or nothing can be heard of them',
      'ask an administrator to take out of the pools what is not free',
      Math.max(...pauses.values()),
    );
    return hindered(row, hinderedNote(server, row));
  }
  const look = new Look(asker, server, facts);
  const aims = facts.prospects.aimsOf(asker.key).map((address) => ({ address, ...valueOf(address) }));
  const choice = choose(pools, look, { families: open, needsAll: asker.needsBoth, aims });
  return { ...outcomeOf(choice, look, looker), ...(look.unusable.length > 0 && { unusable: look.unusable }) };
}

/** What becomes of a Service for which the operator has to choose. */
export function assign(asker: Standing, server: Server, facts: GrantFacts): Decision {
  const pools = poolsToChoose(server.offers, asker);
  if (pools.length === 0) {
    return nowhere(asker, server);
  }
  if (server.hindrance !== undefined) {
    return hindered(server.hindrance, hinderedNote(server, server.hindrance));
  }
  if (!facts.prospects.join(asker)) {
    const row = wait(
      `its turn, because ${atOnce} Services of namespace ${asker.namespace} wait for one already`,
    );
    return hindered(row, hinderedNote(server, row));
  }
  return search({ asker, server, pools, facts });
}
