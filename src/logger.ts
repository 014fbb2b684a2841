// The pino instance: JSON lines, constant messages, one child per object. On a terminal: lines for people.
import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from './options.ts';

/** Where log lines go. */
export interface Output {
  /** Whether a person reads it there. */
  readonly isTerminal: boolean;
  readonly stream: DestinationStream;
}

/** The process's own output, written at once: what is logged before an exit must not be lost. */
export function standardOutput(): Output {
  return { isTerminal: process.stdout.isTTY, stream: pino.destination({ dest: 1, sync: true }) };
}

const secrets = ['token', 'password', 'authorization', 'Authorization'];

// Not one of pino's transports: those are worker threads, which look for files that the bundle does not have.
async function pretty(stream: DestinationStream): Promise<DestinationStream> {
  const { prettyFactory } = await import('pino-pretty');
  const format = prettyFactory({ colorize: true, translateTime: 'SYS:HH:MM:ss', singleLine: true });
  return { write: (line: string) => stream.write(format(line)) };
}

/** A logger that writes JSON, or lines for a person on a terminal. Secrets in known fields are left out. */
export async function makeLogger(level: LogLevel, { isTerminal, stream }: Output): Promise<Logger> {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: 'redacted' },
    },
    isTerminal ? await pretty(stream) : stream,
  );
}
