// How much kube-vip has to carry out at once for one namespace. It serves the Services of a class one after the other, and for one
// that was deleted before its address was published it asks 3,000 times: 41 s and more, in which no other Service gets or loses
// an address (lab run, v1.1.2). So a namespace has one grant that is not published yet, and none for a while after it let it go. That
// holds without a kube-vip that leads, too: what is granted then is the queue of the next one.
import type { Hindrance } from './readiness.ts';
import { isUnderWay, type Standing } from './standing.ts';

/** Grants of one namespace and class that are not published yet, at most. kube-vip itself takes one after the other. */
const mostUnderWay = 1;
/** A grant that takes longer while a kube-vip leads, in milliseconds, waits for something else than its turn. */
export const stuckMs = 60_000;
const firstRestMs = 60_000;
const longestRestMs = 3_600_000;

/** How many of a namespace and class are made ready for their turn: kube-vip publishes some two a second, and a look at the network takes 4 s. */
const lookAhead = 8;

/** Why a Service has to wait for its turn, and how long at most. */
export type Turn = Hindrance & {
  readonly afterSeconds: number;
  /** It is among the next ones: what has to be known then is asked now. */
  readonly isSoon: boolean;
};

type Asker = Pick<Standing, 'key' | 'namespace' | 'loadBalancerClass'>;

/** What is under way for one namespace and class. */
interface Lane {
  /** Since when, by Service. */
  readonly underWay: Map<string, number>;
  /** In the order of their turns. */
  readonly waiting: Set<string>;
  /** How often some were let go of, and until when nothing is granted for it. */
  times: number;
  restsUntil: number;
}

const laneOf = ({ namespace, loadBalancerClass = '' }: Asker): string => `${namespace} ${loadBalancerClass}`;

function pressing({ underWay }: Lane, now: number): number {
  return [...underWay.values()].filter((since) => now - since < stuckMs).length;
}

/** The first of those that wait. */
function nextOf({ waiting }: Lane, count: number): readonly string[] {
  const next: string[] = [];
  for (const key of waiting) {
    if (next.push(key) >= count) {
      break;
    }
  }
  return next;
}

/** A minute for each that was let go of, and twice as long each time within an hour. */
function rest(lane: Lane, now: number): void {
  if (now >= lane.restsUntil) {
    lane.times = now - lane.restsUntil > longestRestMs ? 1 : lane.times + 1;
  }
  const until = Math.max(now, lane.restsUntil) + firstRestMs * 2 ** (lane.times - 1);
  lane.restsUntil = Math.min(now + longestRestMs, until);
}

/** Grants that are under way, by namespace and class. Time is in milliseconds, and never goes back. */
export class Pace {
  readonly #lanes = new Map<string, Lane>();
  readonly #laneOfKey = new Map<string, string>();
  readonly #workedOff = new Map<string, number>();

  /** Takes a Service in as it is now; returns Services whose turn it is, or is soon. */
  see(standing: Standing, now: number): readonly string[] {
    const { key, loadBalancerClass = '', published } = standing;
    if (isUnderWay(standing)) {
      this.begin(standing, now);
      return [];
    }
    const since = this.underWaySince(key);
    if (since !== undefined && published.size > 0) {
      this.#workedOff.set(loadBalancerClass, Math.max(since, this.workedOffUntil(loadBalancerClass)));
    }
    return this.#end(key, now);
  }

  /** Since when a grant of a Service is under way; undefined: none is. */
  underWaySince(key: string): number | undefined {
    return this.#lanes.get(this.#laneOfKey.get(key) ?? '')?.underWay.get(key);
  }

  /** When the last grant was written, of those that the kube-vip of a class was seen to publish. */
  workedOffUntil(loadBalancerClass: string): number {
    return this.#workedOff.get(loadBalancerClass) ?? -Infinity;
  }

  /** A grant is written for a Service. */
  begin(asker: Asker, now: number): void {
    const name = laneOf(asker);
    const lane = this.#laneOf(name);
    lane.waiting.delete(asker.key);
    lane.underWay.set(asker.key, lane.underWay.get(asker.key) ?? now);
    this.#laneOfKey.set(asker.key, name);
  }

  /**
   * A Service is gone; returns Services whose turn it is, or is soon.
   * @param isLed a kube-vip leads for its class, and may have begun to serve it: a next one does not read what is gone
   */
  gone(key: string, now: number, isLed: boolean): readonly string[] {
    const lane = this.#lanes.get(this.#laneOfKey.get(key) ?? '');
    const since = lane?.underWay.get(key);
    if (isLed && lane !== undefined && since !== undefined && now - since < stuckMs) {
      rest(lane, now);
    }
    this.leave(key);
    return this.#end(key, now);
  }

  /** A Service waits for no turn: it has what it asks for, or something else is in its way. */
  leave(key: string): void {
    const lane = this.#lanes.get(this.#laneOfKey.get(key) ?? '');
    lane?.waiting.delete(key);
    if (lane?.underWay.has(key) === false) {
      this.#laneOfKey.delete(key);
    }
  }

  /**
   * Why a Service has to wait for its turn; undefined: it has it.
   * @param isLed a kube-vip leads for its class: without one nothing is published, and nothing is stuck
   */
  turnOf(asker: Asker, now: number, isLed: boolean): Turn | undefined {
    const lane = this.#lanes.get(laneOf(asker));
    if (lane !== undefined && !isLed) {
      [...lane.underWay.keys()].forEach((key) => lane.underWay.set(key, now));
    }
    const wait = lane && this.#waitOf(lane, asker, now);
    if (lane === undefined || wait === undefined) {
      return undefined;
    }
    lane.waiting.add(asker.key);
    this.#laneOfKey.set(asker.key, laneOf(asker));
    return { ...wait, isSoon: lane.restsUntil <= now && nextOf(lane, lookAhead).includes(asker.key) };
  }

  #waitOf(lane: Lane, { key, namespace }: Asker, now: number): Omit<Turn, 'isSoon'> | undefined {
    const restMs = lane.restsUntil - now;
    if (restMs > 0) {
      return {
        reason: 'GrantWaits',
        found: `a while, because Services of namespace ${namespace} ended before kube-vip had published what they were granted`,
        todo: 'each of these holds up every other Service, so wait for EXTERNAL-IP before you delete one',
        afterSeconds: Math.ceil(restMs / 1000),
      };
    }
    return lane.underWay.has(key) || pressing(lane, now) < mostUnderWay
      ? undefined
      : {
          reason: 'GrantWaits',
          found: `its turn, because another Service of namespace ${namespace} is not published yet`,
          todo: 'nothing has to be done',
          afterSeconds: stuckMs / 1000,
        };
  }

  #laneOf(name: string): Lane {
    const lane = this.#lanes.get(name) ?? {
      underWay: new Map<string, number>(),
      waiting: new Set<string>(),
      times: 0,
      restsUntil: -Infinity,
    };
    this.#lanes.set(name, lane);
    return lane;
  }

  #end(key: string, now: number): readonly string[] {
    const lane = this.#lanes.get(this.#laneOfKey.get(key) ?? '');
    if (lane === undefined) {
      return [];
    }
    const hasEnded = lane.underWay.delete(key);
    if (!lane.waiting.has(key)) {
      this.#laneOfKey.delete(key);
    }
    const free = Math.max(0, mostUnderWay - pressing(lane, now));
    return hasEnded && free > 0 && lane.restsUntil <= now ? nextOf(lane, free + lookAhead) : [];
  }
}
