// A clock that can be set while a process runs, for that process alone: libfaketime between it and the kernel.
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SettableClock {
  /** For the environment of the process. Its steady clock stays true, as it does when a date is set. */
  readonly env: Readonly<Record<string, string>>;
  /** Seconds that the date is ahead of the true one from now on; below zero: behind. */
  set(seconds: number): void;
  remove(): void;
}

function libraryPath(): string {
  const folders = ['/usr/lib', ...readdirSync('/usr/lib').map((name) => `/usr/lib/${name}`)];
  const found = folders.map((dir) => `${dir}/faketime/libfaketimeMT.so.1`).find((path) => existsSync(path));
  if (found === undefined) {
    throw new Error(
      'missing: libfaketime, of the package faketime; install with: apt-get install -y faketime',
    );
  }
  return found;
}

/** A clock that is right until it is set. */
export function makeClock(): SettableClock {
  const dir = mkdtempSync(join(tmpdir(), 'kube-vip-clock-'));
  const file = join(dir, 'offset');
  const set = (seconds: number): void => {
    // Renamed: it is read at any moment, and never half written.
    writeFileSync(`${file}.new`, `${seconds < 0 ? '' : '+'}${seconds}`);
    renameSync(`${file}.new`, file);
  };
  set(0);
  return {
    env: {
      LD_PRELOAD: libraryPath(),
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    set,
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
