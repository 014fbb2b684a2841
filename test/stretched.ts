// Times on a machine that does other things meanwhile.
import { availableParallelism, loadavg } from 'node:os';

const most = 10;

/** Milliseconds that stand for so many of a machine of ours alone: more, the more is to run than there are cores. */
export function stretched(ms: number): number {
  const [load = 0] = loadavg();
  return Math.round(ms * Math.min(most, Math.max(1, load / availableParallelism())));
}
