// Starting, finding and ending processes of the lab. A process is remembered by its id together with its
// start time, so a recycled id is never signalled.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { stretched } from '../stretched.ts';

/** A process started by the lab; survives JSON, so another process can end it. */
export interface Daemon {
  readonly name: string;
  readonly pid: number;
  /** Clock ticks since boot, from /proc; empty when the process ended before it could be read. */
  readonly startTime: string;
  readonly logFile: string;
}

export interface DaemonOptions {
  readonly name: string;
  readonly command: readonly string[];
  readonly logFile: string;
  readonly env?: Readonly<Record<string, string>>;
  /** End it when this process ends, however that happens. */
  readonly dieWithParent?: boolean;
}

/** A command that ended with an error; the message holds what it printed. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly stderr: string;
  readonly stdout: string;
  constructor(message: string, { stderr, stdout }: { readonly stderr: string; readonly stdout: string }) {
    super(message);
    this.stderr = stderr;
    this.stdout = stdout;
  }
}

export interface RunOptions {
  readonly input?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command to its end and returns what it printed. */
export function run(command: readonly string[], options: RunOptions = {}): Promise<string> {
  const [file = '', ...args] = command;
  const child = spawn(file, args, { cwd: options.cwd, env: { ...process.env, ...options.env } });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  // A command that ends without reading its input is reported by its exit code, not by EPIPE.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const stdout = Buffer.concat(out).toString();
      if (code === 0) return resolve(stdout);
      const stderr = Buffer.concat(err).toString().trim();
      const printed = stderr || stdout.trim();
      const message = `${command.join(' ')}: ended with ${code ?? signal}: ${printed}`;
      reject(new CommandError(message, { stderr, stdout }));
    });
  });
}

// Memory for processor time: a program in Go collects garbage a fourth as often, a tenth of what a start costs.
const thrifty = { GOGC: '400' };

/** Starts a process in the background, its output going to a file. */
export function startDaemon(options: DaemonOptions): Daemon {
  const guard = options.dieWithParent === true && existsSync('/usr/bin/setpriv');
  const command = guard ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL', ...options.command] : options.command;
  const [file = '', ...args] = command;
  const log = openSync(options.logFile, 'a');
  const child = spawn(file, args, {
    stdio: ['ignore', log, log],
    detached: true,
    env: { ...thrifty, ...process.env, ...options.env },
  });
  closeSync(log);
  child.on('error', () => undefined);
  child.unref();
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${options.name}: ${file} could not be started`);
  return { name: options.name, pid, startTime: startTimeOf(pid), logFile: options.logFile };
}

/** Start time of a process in clock ticks; empty when there is none, or only a zombie is left of it. */
export function startTimeOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie with threads is still ending: it may hold its ports and files.
    const ended = fields[0] === 'Z' && Number(fields[17]) <= 1;
    return ended ? '' : (fields[19] ?? '');
  } catch {
    return '';
  }
}

/** Whether exactly this process still runs. */
export function isAlive(daemon: Daemon): boolean {
  return daemon.startTime !== '' && startTimeOf(daemon.pid) === daemon.startTime;
}

/** Sends a signal to exactly this process; nothing happens when it has ended. */
export function signal(daemon: Daemon, name: NodeJS.Signals): void {
  if (!isAlive(daemon)) return;
  try {
    process.kill(daemon.pid, name);
  } catch {
    // It ended between the look and the signal.
  }
}

/** Ends a process and waits until it is gone. Lab processes hold nothing worth a graceful end. */
export async function stopDaemon(daemon: Daemon): Promise<void> {
  signal(daemon, 'SIGKILL');
  await waitFor(`${daemon.name} (${daemon.pid}) to end`, () => !isAlive(daemon), {
    seconds: 30,
    everyMs: 10,
  });
}

/** What kubectl is told to wait at most: so many seconds of a machine of ours alone. */
export const within = (seconds: number): string =>
  `--timeout=${Math.ceil(stretched(seconds * 1000) / 1000)}s`;

export interface WaitOptions {
  /** On a machine of ours alone; a busy one has longer. */
  readonly seconds: number;
  /** Between two looks. Default: a tenth of what was waited, from 50 to 250, because many looks take the time of those that work. */
  readonly everyMs?: number;
  /** Processes without which waiting makes no sense. */
  readonly needs?: readonly Daemon[];
}

/** Waits until a condition holds; the error says what was awaited and what was seen last. */
export async function waitFor(
  what: string,
  check: () => boolean | Promise<boolean>,
  options: WaitOptions,
): Promise<void> {
  const since = Date.now();
  // The longest that was ever granted: others may start meanwhile, and end.
  let patience = 0;
  const hasTime = (): boolean => {
    patience = Math.max(patience, stretched(options.seconds * 1000));
    return Date.now() < since + patience;
  };
  const pause = (): number => options.everyMs ?? Math.min(250, Math.max(50, (Date.now() - since) / 10));
  let last = '';
  while (hasTime()) {
    try {
      if (await check()) return;
      last = '';
    } catch (error) {
      last = error instanceof Error ? `: ${error.message}` : '';
    }
    for (const daemon of options.needs ?? []) if (!isAlive(daemon)) throw new Error(endedEarly(daemon));
    await sleep(pause());
  }
  const tails = (options.needs ?? []).map((daemon) => `\n${tailOf(daemon)}`).join('');
  throw new Error(`waited ${Math.round(patience / 1000)} s for ${what}${last}${tails}`);
}

function endedEarly(daemon: Daemon): string {
  return `${daemon.name} ended early. ${tailOf(daemon)}`;
}

function tailOf(daemon: Daemon): string {
  const lines = existsSync(daemon.logFile) ? readFileSync(daemon.logFile, 'utf8').trimEnd().split('\n') : [];
  return `Last lines of ${daemon.logFile}:\n${lines.slice(-8).join('\n')}`;
}
