// What a process does with its election: campaign, lead, and what it says about that.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { systemNamespace } from '../api/metadata.ts';
import { Election, type ElectionOptions } from '../cluster/election.ts';
import { ElectionLease, electionLease, leaseRecord } from '../cluster/election-lease.ts';
import { heeded, type EchoOptions } from '../cluster/echo.ts';
import { explain, OldViewError } from '../cluster/errors.ts';
import { guarded, type Http } from '../cluster/http.ts';
import type { LeaseObject } from '../cluster/lease-store.ts';

/** Tells how long each watch has been without an answer. */
export class Contact {
  readonly #now: () => number;
  readonly #lostSince = new Map<string, number>();

  /** @param now milliseconds that only go forward */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A request of this kind has failed. Counts from the first failure in a row. */
  failed(what: string): void {
    if (!this.#lostSince.has(what)) {
      this.#lostSince.set(what, this.#now());
    }
  }

  answered(what: string): void {
    this.#lostSince.delete(what);
  }

  /** What has been without an answer for longer than this. */
  lostFor(ms: number): readonly string[] {
    return [...this.#lostSince].filter(([, since]) => this.#now() - since > ms).map(([what]) => what);
  }
}

/** What readiness calls it. */
const leaseContact = 'Lease of the operator';

/** Why this process must not lead, and what a person does about it. */
export interface Loss {
  readonly cause: string;
  readonly todo: string;
}

/**
 * Why an operator that belongs to this namespace may not even look, or undefined; outside a cluster there is none.
 * @param how completes "this operator … namespace x".
 */
export function strayNamespace(namespace: string | undefined, how = 'runs in'): Loss | undefined {
  return namespace === undefined || namespace === systemNamespace
    ? undefined
    : {
        cause: `this operator ${how} namespace ${namespace}: expected ${systemNamespace}, where it and every kube-vip belong`,
        todo: `delete this Deployment; one installation serves the whole cluster: kubectl apply -k config/default, with the namespace as it is there`,
      };
}

/** Log lines of an election; a failure is said once, until an attempt is answered. */
export function spokenElection(
  log: Logger,
  identity: string,
  contact: Pick<Contact, 'answered' | 'failed'>,
): Pick<ElectionOptions, 'onLeader' | 'onError' | 'onAnswer'> {
  let isQuiet = false;
  return {
    onLeader: (leader) => {
      if (leader === identity) {
        log.info({ leader, identity }, 'leading');
      } else {
        log.info({ leader, identity }, 'another operator leads');
      }
    },
    onError: (error) => {
      contact.failed(leaseContact);
      if (!isQuiet) {
        log.warn(
          { ...explain(error), lease: electionLease },
          'cannot take or renew the Lease of the operator, trying again',
        );
      }
      isQuiet = true;
    },
    onAnswer: () => {
      contact.answered(leaseContact);
      isQuiet = false;
    },
  };
}

/**
 * Leads when it is this process's turn.
 * @returns when leadership is lost, why; undefined when the election was stopped.
 */
export async function leadUntilLost(
  election: Pick<Election, 'campaign' | 'hold'>,
  lead: () => void,
): Promise<Loss | undefined> {
  if (!(await election.campaign())) {
    return undefined;
  }
  lead();
  const holder = await election.hold();
  return holder === undefined
    ? undefined
    : {
        cause: `Lease ${electionLease}: expected this operator as holder, found ${holder || 'nobody'}`,
        todo: 'nothing: the other one works now, and this one is started again and stands by; if that happens often, look for a slow API server or too little CPU',
      };
}

/** What leadership is decided from. */
export interface LeadershipOptions {
  readonly http: Http;
  readonly log: Logger;
  readonly identity: string;
  readonly lostSeconds: number;
  /** What has not been listed yet, or has to be listed anew. */
  readonly unsynced: () => readonly string[];
  /** Told what the Lease of the operator proves of the watches. */
  readonly echo: EchoOptions;
}

/** Milliseconds that the piece of work under way is given to end before this process lets go. */
const lastWordsMs = 800;
const monotonic = (): number => performance.now();

/** Whether this process may write, and whether it sees enough to. */
export class Leadership {
  /** For writes: sends only while this process leads, and has seen everything. */
  readonly fenced: Pick<Http, 'send'>;
  readonly #lostSeconds: number;
  readonly #contact = new Contact(monotonic);
  readonly #election: Election;

  constructor({ http, log, identity, lostSeconds, unsynced, echo }: LeadershipOptions) {
    this.#lostSeconds = lostSeconds;
    this.#election = new Election({
      ...spokenElection(log, identity, this.#contact),
      lease: heeded(new ElectionLease(http), echo),
      identity,
      clocks: { monotonic, wall: Date.now },
      random: Math.random,
      sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
      // A leader with an old view would undo what the last one did.
      isFit: () => unsynced().length === 0 && this.#lost().every((what) => what === leaseContact),
    });
    this.fenced = guarded(http, () => {
      const missing = unsynced();
      if (missing.length > 0) {
        throw new OldViewError(missing);
      }
      return this.#election.leftMs();
    });
  }

  /** See {@link leadUntilLost}. */
  lead(work: () => void): Promise<Loss | undefined> {
    return leadUntilLost(this.#election, work);
  }

  /** Whether nobody else can lead now; a leader that cannot renew its Lease does not know. */
  leads(): boolean {
    return this.#election.leads();
  }

  /** Lets go, and hands the Lease on when the work under way ends soon. */
  async end(work: Promise<unknown>): Promise<void> {
    const hasEnded = await Promise.race([work.then(() => true), sleep(lastWordsMs, false, { ref: false })]);
    this.#election.stop();
    // A write that is still under way must not meet another leader: the Lease then runs out by itself.
    if (hasEnded) {
      await this.#election.release();
    }
  }

  /** A watch of this resource has begun to be answered, or has failed. */
  sees(resource: string, isClear: boolean): void {
    this.#contact[isClear ? 'answered' : 'failed'](resource);
  }

  /** What a watch has seen of the Lease; undefined: it is gone. */
  observe(lease: LeaseObject | undefined): void {
    this.#election.observe(lease && leaseRecord(lease));
  }

  /** Tries now: something that was missing may be there. */
  wake(): void {
    this.#election.wake();
  }

  /** What has not been answered for too long, as a sentence, or undefined. */
  outOfContact(): string | undefined {
    const lost = this.#lost();
    return lost.length === 0
      ? undefined
      : `without an answer of the API server for more than ${this.#lostSeconds} s: ${lost.join(', ')}`;
  }

  #lost(): readonly string[] {
    return this.#contact.lostFor(this.#lostSeconds * 1000);
  }
}
