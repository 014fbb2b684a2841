// The pino instance: JSON lines, constant messages, one child per object.
import { pino, type Logger } from 'pino';
import type { LogLevel } from './options.ts';

export function makeLogger(level: LogLevel): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: ['*.token', '*.password', '*.Authorization', '*.authorization'], censor: 'redacted' },
  });
}
