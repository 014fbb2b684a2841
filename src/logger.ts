// The pino instance: JSON lines, constant messages, one child per object. On a terminal: lines for people.
import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from './options.ts';
import { forTerminal } from './terminal-lines.ts';

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

const forPerson = (stream: DestinationStream): DestinationStream => ({
  write: (line: string) => stream.write(forTerminal(line)),
});

/** A logger that writes JSON, or lines for a person on a terminal. Secrets in known fields are left out. */
export function makeLogger(level: LogLevel, { isTerminal, stream }: Output): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: 'redacted' },
    },
    isTerminal ? forPerson(stream) : stream,
  );
}
