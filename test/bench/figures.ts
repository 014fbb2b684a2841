// Figures of a bench, and the targets that they are held against.
import { readFileSync } from 'node:fs';

export const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Fails the run, and lets it go on to its other figures. */
export function expectUnder(limit: number, found: number, what: string): void {
  if (!(found < limit)) {
    print(`MISSED: ${what}: expected under ${limit}, found ${found.toFixed(0)}`);
    process.exitCode = 1;
  }
}

/** Resident memory of a process, in MiB. */
export function memoryMiB({ pid }: { readonly pid: number }): {
  readonly now: number;
  readonly peak: number;
} {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (field: string): number => Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(text)?.[1]) / 1024;
  return { now: of('VmRSS'), peak: of('VmHWM') };
}
