// What answers about the operator's own Lease prove of the watches. It is written every two seconds and watched like every
// other Lease: the watch has to bring what was written, and no version may be older than the one before.
import type { ElectionLease, LeaseRecord } from './election-lease.ts';
import { OutdatedError } from './errors.ts';

type Lease = Pick<ElectionLease, 'read' | 'write'>;

/** Who is told. */
export interface EchoOptions {
  /** The Lease has this version: its watch has to bring it. */
  readonly onVersion: (version: string) => void;
  /** The API server answered with an older version than before: its etcd was restored from a backup. */
  readonly onWentBack: (error: OutdatedError) => void;
}

/** The same Lease, with its versions told. */
export function heeded(lease: Lease, { onVersion, onWentBack }: EchoOptions): Lease {
  let last = '0';
  const note = (record: LeaseRecord | undefined): void => {
    if (record === undefined) {
      return;
    }
    const { version } = record;
    if (Number(version) < Number(last)) {
      onWentBack(new OutdatedError('Lease of the operator', { expected: last, found: version }));
    }
    last = version;
    onVersion(version);
  };
  return {
    async read() {
      const found = await lease.read();
      note(found);
      return found;
    },
    async write(record, timeoutMs) {
      const written = await lease.write(record, timeoutMs);
      note(written);
      return written;
    },
  };
}
