// Under which name a release leads.
import { isInRange } from './releases.ts';
import { settings } from './settings.ts';

/** Whether a release is told the name of its Node, and leads under that. Earlier ones lead under the host name. */
export const namesItsNode = (version: string): boolean =>
  settings.some(({ env, since, before }) => env === 'vip_nodename' && isInRange(version, since, before));
