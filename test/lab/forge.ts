// A host that sends what no healthy host sends.
import { join } from 'node:path';
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
