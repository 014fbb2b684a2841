// Pools of other load balancers, and which of them a program gives away.
import type { Pool, Survey } from './survey.ts';
import { isMetalLb } from './workload.ts';

/**
 * Whether a program gives addresses of a pool away. MetalLB reads the pools of its own namespace alone. Its speaker has the network of
 * its node, which no tenant can have, and a pool without a speaker any tenant can have made.
 */
export const isServed = ({ namespace }: Pool, workloads: Survey['workloads']): boolean =>
  namespace === undefined ||
  workloads.some((row) => isMetalLb(row) && row.hostNetwork && row.namespace === namespace);
