// What a witness costs that asks for 20,000 addresses, and how long a round takes. As root.
import { readFileSync } from 'node:fs';
import { ensureWitness } from '../lab/witness-layer.ts';
import { Segment } from '../lab/witnessing.ts';
import { run } from '../lab/process.ts';

const count = 20_000;
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const addresses = Array.from({ length: count }, (_, i) => `203.0.${130 + (i >> 8)}.${i & 255}`);
const ticksPerSecond = 100;

/** Seconds of the processor that a process has used. */
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

function mebibytes(pid: number): number {
  const [, kib = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}

const binary = await ensureWitness({ checkout: process.cwd(), log: print });
const segment = new Segment('w', 'a');
try {
  await segment.make();
  await segment.give('w', '203.0.0.1/16');
  const commands = addresses.map((address) => `address add ${address}/32 dev eth0`).join('\n');
  await run(['ip', '-n', segment.netns('a'), '-batch', '-'], { input: `${commands}\n` });
  segment.witness(binary, 'w', {
    subnets: ['203.0.0.0/16'],
    control: ['203.0.113.100'],
    services: addresses,
  });
  const begin = Date.now();
  const isDone = (answered: number | undefined): boolean => answered === count;
  await segment.until('all owners', ({ groups }) => isDone(groups[0]?.owners[0]?.count), 900);
  const seconds = (Date.now() - begin) / 1000;
  const used = processorSeconds(segment.pid);
  print(`a round of ${count} addresses: ${seconds.toFixed(0)} s`);
  print(`processor: ${((used / seconds) * 100).toFixed(1)} % of a core`);
  print(`memory: ${mebibytes(segment.pid).toFixed(0)} MiB at most`);
  print(`answers: ${JSON.stringify(segment.last()).length} bytes`);
} finally {
  await segment.remove();
}
