// Watches of files on this machine: a node of a lab needs ten inotify instances, and Linux gives a user 128 of them.
import { readFileSync, writeFileSync } from 'node:fs';

const limit = '/proc/sys/fs/inotify/max_user_instances';
// For the nodes of several labs at once.
const wanted = 1024;
const variable = 'LAB_INOTIFY_INSTANCES';

const read = (): number => Number(readFileSync(limit, 'utf8'));

/** Raises the limit for the time of a run of tests, and says so. */
export function raiseInotifyLimit(log: (line: string) => void): void {
  const found = read();
  if (found >= wanted) return;
  try {
    writeFileSync(limit, String(wanted));
    process.env[variable] = String(found);
    log(`fs.inotify.max_user_instances: ${wanted} for the time of these tests, then ${found} again`);
  } catch (cause) {
    const todo = `set it to ${wanted} on the machine that this one runs on`;
    throw new Error(`fs.inotify.max_user_instances: expected ${wanted}, found ${found}; ${todo}`, { cause });
  }
}

/** Puts it back, unless somebody else has set it meanwhile. */
export function restoreInotifyLimit(): void {
  const before = process.env[variable];
  if (before !== undefined && read() === wanted) writeFileSync(limit, before);
}
