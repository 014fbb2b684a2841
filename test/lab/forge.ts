// A host that sends what no healthy host sends.
import { join } from 'node:path';
import { run } from './process.ts';
import { ensureGoProgram } from './tools.ts';
import type { Segment } from './witnessing.ts';

/** What it sends. */
export interface Forgery {
  /** One gratuitous ARP, thousands of malformed frames, or as many gratuitous ARPs as it can. */
  readonly kind: 'gratuitous' | 'malformed' | 'flood';
  readonly address: string;
  /** MAC address that malformed frames go to. */
  readonly to?: string;
  readonly seconds?: number;
}

/** Answers every question for an address for some seconds, whichever address that is, and returns how many were answered. */
export async function answerForAll(netns: string, seconds: number): Promise<number> {
  const agent = await ensureGoProgram({ source: join(import.meta.dirname, 'agent'), program: 'lab-agent' });
  const about = ['--address', '0.0.0.0', '--seconds', String(seconds)];
  return Number(await run(['ip', 'netns', 'exec', netns, agent, 'forge', '--kind', 'proxy', ...about]));
}

/** Sends frames from a host of a segment, and returns how many. */
export async function forge(
  segment: Segment,
  host: string,
  { kind, address, to, seconds }: Forgery,
): Promise<number> {
  const agent = await ensureGoProgram({
    source: join(import.meta.dirname, 'agent'),
    program: 'lab-agent',
  });
  const options = [
    ...(to === undefined ? [] : ['--to', to]),
    ...(seconds === undefined ? [] : ['--seconds', String(seconds)]),
  ];
  return Number(await segment.in(host, agent, 'forge', '--kind', kind, '--address', address, ...options));
}
