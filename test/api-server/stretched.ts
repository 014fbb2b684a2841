// Promised times, on a machine that does other things meanwhile.
import { availableParallelism, loadavg } from 'node:os';

/** Milliseconds that stand for so many of a machine of ours alone: more, the more is to run than there are cores. */
export function stretched(ms: number): number {
  const [load = 0] = loadavg();
  return ms * Math.max(1, load / availableParallelism());
}
