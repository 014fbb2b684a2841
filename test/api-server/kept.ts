// API servers that a test is done with, for the tests that come after it: a start costs two seconds of a processor, to put
// back what a test has changed a twentieth. They wait in a folder, because each file of tests has a process or modules of its own.
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { takeApiServer, type ApiServer, type LeftApiServer } from '../lab/api-server.ts';
import { preparedFolder } from './prepared.ts';
import { differenceOf, namesOf, readStore, undo, type Stored } from './store.ts';

interface Kept {
  readonly server: LeftApiServer;
  /** What it had before the first test. */
  readonly before: Stored;
}

/** An API server on loan, and what it had before its first test. */
export interface Loan {
  readonly api: ApiServer;
  readonly before: Stored;
}

// More would wait for nobody, and each has half a gigabyte.
const most = 4;
// What has changed more is faster made anew, and its caches have grown.
const mostChanges = 400;
// A kind that goes or changes changes how the API server is built, which outlasts the change.
const lasting = '/registry/apiextensions.k8s.io/';

const folder = (): string => {
  const dir = join(preparedFolder(), 'kept');
  mkdirSync(dir, { recursive: true });
  return dir;
};

const waiting = (dir: string): readonly string[] => readdirSync(dir).filter((name) => name.endsWith('.json'));

/** Claims one: only one of several workers can rename a file. */
function claim(dir: string, name: string): Kept | undefined {
  const claimed = join(dir, `${name}.taken`);
  try {
    renameSync(join(dir, name), claimed);
  } catch {
    return undefined;
  }
  const kept = JSON.parse(readFileSync(claimed, 'utf8')) as Kept;
  rmSync(claimed);
  return kept;
}

/** One that waits, as it was before its first test. Undefined where none does. */
export async function takeKept(): Promise<Loan | undefined> {
  const dir = folder();
  for (const name of waiting(dir)) {
    const kept = claim(dir, name);
    const api = kept && takeApiServer(kept.server);
    if (kept !== undefined && api?.leave() !== undefined) {
      // A watch that was open at the end of the last test was noted after that.
      truncateSync(api.auditLog);
      return { api, before: kept.before };
    }
    // It ended with the worker that had started it.
    await api?.stop();
  }
  return undefined;
}

/** True when it is as it was before, false where that is not worth it. */
async function isPutBack({ api: { etcdUrl }, before }: Loan): Promise<boolean> {
  const difference = differenceOf(before, await readStore(etcdUrl, 'keys'));
  const names = namesOf(difference);
  const isFit = names.length <= mostChanges && !names.some((name) => name.startsWith(lasting));
  if (isFit) {
    await undo(etcdUrl, difference);
  }
  return isFit;
}

function keep({ server, before }: Kept, file: string): void {
  // Whole from its first moment on.
  writeFileSync(`${file}.new`, JSON.stringify({ server, before }));
  renameSync(`${file}.new`, file);
}

/** Puts it back as it was, for the next test, or ends it where a test did to it what lasts. */
export async function giveBack(loan: Loan): Promise<void> {
  const { api } = loan;
  const dir = folder();
  const server = api.leave();
  const isWanted = server !== undefined && waiting(dir).length < most;
  if (isWanted && (await isPutBack(loan))) {
    return keep({ server, before: await readStore(api.etcdUrl) }, join(dir, `${basename(api.dir)}.json`));
  }
  return api.stop();
}

/** Ends those that wait when the run is over. */
export async function endKept(): Promise<void> {
  const dir = folder();
  for (const name of waiting(dir)) {
    const kept = claim(dir, name);
    if (kept !== undefined) {
      await takeApiServer(kept.server).stop();
    }
  }
}
