// The Lease that says which operator leads: read, taken, renewed, released. Always in the one namespace of the
// components, wherever an operator runs: two installations in one cluster then ask for the same Lease.
import { fieldManager, labels, managedByValue, systemNamespace } from '../api/metadata.ts';
import { isNotFound } from './errors.ts';
import type { Http } from './http.ts';
import { pathOf, resources } from './resources.ts';
import type { LeaseObject } from './lease-store.ts';

/** Name of the Lease; no component's ends like this. */
export const electionLease = 'kube-vip-operator';

/** What decides; the times are those of the holder's clock and only ever compared with each other. */
export interface LeaseRecord {
  /** Empty: released. */
  readonly holder: string;
  readonly renewTime: string;
  readonly acquireTime: string;
  readonly transitions: number;
  readonly durationSeconds: number;
  /** Resource version of what was read: a write is refused when somebody else wrote since. */
  readonly version: string;
}

/** Milliseconds after which a request counts as failed: two fit into the renew deadline. */
const requestMs = 4000;

const path = pathOf(resources.leases, systemNamespace, electionLease);

/** A Lease as it came from the API server. */
export function leaseRecord({ metadata, spec = {} }: LeaseObject): LeaseRecord {
  const { holderIdentity: holder = '', renewTime = '', acquireTime = '' } = spec;
  const { leaseTransitions: transitions = 0, leaseDurationSeconds: durationSeconds = 0 } = spec;
  const { resourceVersion: version = '' } = metadata;
  return { holder, renewTime, acquireTime, transitions, durationSeconds, version };
}

function body({
  holder,
  renewTime,
  acquireTime,
  transitions,
  durationSeconds,
  version,
}: LeaseRecord): object {
  return {
    metadata: {
      name: electionLease,
      namespace: systemNamespace,
      labels: { [labels.appName]: managedByValue },
      ...(version !== '' && { resourceVersion: version }),
    },
    spec: {
      holderIdentity: holder,
      leaseDurationSeconds: durationSeconds,
      leaseTransitions: transitions,
      renewTime,
      acquireTime,
    },
  };
}

/** Reads and writes the Lease by which replicas of the operator elect a leader. Throws ApiError. */
export class ElectionLease {
  readonly #http: Pick<Http, 'send'>;

  constructor(http: Pick<Http, 'send'>) {
    this.#http = http;
  }

  /** Undefined when there is none. */
  async read(): Promise<LeaseRecord | undefined> {
    try {
      return leaseRecord(await this.#http.send<LeaseObject>({ method: 'GET', path, timeoutMs: requestMs }));
    } catch (error) {
      if (isNotFound(error)) {
        return undefined;
      }
      throw error;
    }
  }

  /**
   * Writes a record: over the version that it carries, or as a new Lease when it carries none.
   * @throws ApiError with status 409 when somebody else was faster.
   */
  async write(record: LeaseRecord, timeoutMs = requestMs): Promise<LeaseRecord> {
    const isNew = record.version === '';
    const written = await this.#http.send<LeaseObject>({
      method: isNew ? 'POST' : 'PATCH',
      path: `${isNew ? pathOf(resources.leases, systemNamespace) : path}?fieldManager=${fieldManager}`,
      body: body(record),
      contentType: isNew ? 'application/json' : 'application/merge-patch+json',
      timeoutMs,
    });
    return leaseRecord(written);
  }
}

/**
 * Tells when a Lease that is not renewed has run out, on our own clock: what its holder wrote as time is not compared.
 */
export class Sighting {
  readonly #now: () => number;
  #text = '';
  #expiry: number | undefined;

  /** @param now milliseconds that only go forward */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A record that is not the one of before starts the count anew. */
  see({ holder, renewTime, transitions, durationSeconds }: LeaseRecord): void {
    const text = JSON.stringify([holder, renewTime, transitions]);
    if (text !== this.#text) {
      this.#text = text;
      this.#expiry = this.#now() + durationSeconds * 1000;
    }
  }

  /** After a look that failed: it may have been renewed unseen, so the count starts anew. */
  forget(): void {
    this.#text = '';
    this.#expiry = undefined;
  }

  /** Milliseconds until it may be taken; undefined when none was seen. */
  leftMs(): number | undefined {
    return this.#expiry === undefined ? undefined : this.#expiry - this.#now();
  }
}
