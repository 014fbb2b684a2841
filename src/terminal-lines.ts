// Log lines for a person at a terminal, out of the lines of JSON.
import { styleText } from 'node:util';

interface Line {
  readonly level: string;
  /** As RFC 3339 has it. */
  readonly time: string;
  readonly msg?: string;
  readonly err?: { readonly stack?: string };
}

const colours: Readonly<Record<string, 'red' | 'yellow' | 'green'>> = {
  fatal: 'red',
  error: 'red',
  warn: 'yellow',
  info: 'green',
};

const two = (value: number): string => String(value).padStart(2, '0');

/** The time of day on the clock of who reads it. */
function timeOfDay(time: string): string {
  const date = new Date(time);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
}

/** One line with time, level, message and fields. The stack of an error follows on lines of its own. */
export function forTerminal(json: string): string {
  const { level, time, msg = '', err, ...fields } = JSON.parse(json) as Line;
  const { stack, ...facts } = err ?? {};
  const others = err === undefined ? fields : { ...fields, err: facts };
  const known = Object.keys(others).length === 0 ? '' : ` ${JSON.stringify(others)}`;
  const colour = colours[level] ?? 'gray';
  const head = `[${timeOfDay(time)}] ${styleText(colour, level.toUpperCase())}: ${styleText('cyan', msg)}`;
  return `${head}${known}\n${stack === undefined ? '' : `${stack.replaceAll(/^/gm, '    ')}\n`}`;
}
