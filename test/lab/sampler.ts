// Watches, in the background, which nodes own an address; what it saw becomes figures and a picture.
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawTimeline, type TimelineEvent } from '../timeline/draw-timeline.ts';
import { ownershipReport, parseRecord, type OwnershipRecord, type VipReport } from '../timeline/timeline.ts';
import { netnsPath } from './machine.ts';
import type { NodeAddress } from './network.ts';
import { signal, startDaemon, waitFor, isAlive, type Daemon } from './process.ts';

export interface SamplerOptions {
  readonly agent: string;
  readonly dir: string;
  readonly nodes: readonly NodeAddress[];
  readonly vips: readonly string[];
}

/** What a sampler saw, with what the test did meanwhile. */
export interface Observation {
  readonly record: OwnershipRecord;
  readonly events: readonly TimelineEvent[];
  /** Figures of each address, in the order in which they were asked for. */
  readonly reports: readonly VipReport[];
  /** Draws nodes as lanes, ownership as bars and events as marks. */
  writePicture(file: string, title?: string): void;
}

export interface Sampler {
  /** Notes that the test does something now. */
  mark(label: string): void;
  /** What was seen so far; the sampler goes on. */
  soFar(): OwnershipRecord;
  stop(): Promise<Observation>;
}

let count = 0;

/** Starts watching; resolves when the first round is about to be taken. */
export async function startSampler({ agent, dir, nodes, vips }: SamplerOptions): Promise<Sampler> {
  count += 1;
  const logFile = join(dir, `samples-${process.pid}-${count}.jsonl`);
  closeSync(openSync(logFile, 'w'));
  const daemon = startDaemon({
    name: 'ownership sampler',
    command: [
      agent,
      'sample',
      ...vips.flatMap((vip) => ['--vip', vip]),
      ...nodes.flatMap(({ name, netns }) => ['--node', `${name}=${netnsPath(netns)}`]),
    ],
    logFile,
    dieWithParent: true,
  });
  await waitFor('the sampler to start', () => readFileSync(logFile, 'utf8').includes('"start"'), {
    seconds: 5,
    everyMs: 10,
    needs: [daemon],
  });
  const events: TimelineEvent[] = [];
  return {
    mark: (label) => void events.push({ t: Date.now(), label }),
    soFar: () => parseRecord(readFileSync(logFile, 'utf8')),
    stop: () => finish(daemon, events),
  };
}

async function finish(daemon: Daemon, events: readonly TimelineEvent[]): Promise<Observation> {
  signal(daemon, 'SIGTERM');
  await waitFor('the sampler to end', () => !isAlive(daemon), { seconds: 5, everyMs: 10 });
  const record = parseRecord(readFileSync(daemon.logFile, 'utf8'));
  return {
    record,
    events,
    reports: ownershipReport(record),
    writePicture: (file, title) => writeFileSync(file, drawTimeline(record, events, title)),
  };
}
