// Operators that campaign for one Lease, in a time that the test makes pass.
import { jest } from '@jest/globals';
import { Election } from '../../src/cluster/election.ts';
import type { LeaseRecord } from '../../src/cluster/election-lease.ts';
import { ApiError, NotLeadingError } from '../../src/cluster/errors.ts';

/** The one Lease of a test: refuses a write over a version that is not the newest, as an API server does. */
export class OneLease {
  record: LeaseRecord | undefined;
  isAway = false;
  #version = 0;

  async read(): Promise<LeaseRecord | undefined> {
    this.#beThere();
    return this.record;
  }

  async write(record: LeaseRecord): Promise<LeaseRecord> {
    this.#beThere();
    if (record.version !== (this.record?.version ?? '')) {
      throw new ApiError(409, 'PATCH leases/x', 'somebody else was faster');
    }
    this.#version += 1;
    this.record = { ...record, version: String(this.#version) };
    return this.record;
  }

  #beThere(): void {
    if (this.isAway) {
      throw new Error('ECONNREFUSED');
    }
  }
}

/** One operator, with clocks of its own. */
export class Candidate {
  readonly said: string[] = [];
  isFit = true;
  wallOffset = 0;
  lost: string | undefined;
  readonly election: Election;

  constructor(identity: string, lease: Pick<OneLease, 'read' | 'write'>, random = () => 0) {
    this.election = new Election({
      lease,
      identity,
      clocks: { monotonic: () => Date.now(), wall: () => Date.now() + this.wallOffset },
      random,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          const timer = setTimeout(resolve, signal.aborted ? 0 : ms);
          signal.addEventListener('abort', () => {
            clearTimeout(timer);
            resolve();
          });
        }),
      isFit: () => this.isFit,
      onLeader: (holder) => this.said.push(`leader ${holder}`),
      onError: (error) => this.said.push(error instanceof Error ? error.message : ''),
      onAnswer: () => undefined,
    });
  }

  async run(): Promise<void> {
    if (await this.election.campaign()) {
      this.lost = await this.election.hold();
    }
  }

  /** Whether a write may go out; whether it says that it leads must be the same. */
  mayWrite(): boolean {
    const may = this.#hasTimeLeft();
    if (this.election.leads() !== may) {
      throw new Error(`leads(): expected ${may}, which is whether it may write, found ${!may}`);
    }
    return may;
  }

  #hasTimeLeft(): boolean {
    try {
      return this.election.leftMs() > 0;
    } catch (error) {
      if (!(error instanceof NotLeadingError)) {
        throw error;
      }
      return false;
    }
  }

  async quit(): Promise<void> {
    this.election.stop();
    const released = this.election.release();
    await jest.advanceTimersByTimeAsync(0);
    await released;
  }
}
