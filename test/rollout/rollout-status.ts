// What status says of a rollout, in the middle of it by default.
import type { KubeVipConfigStatus } from '../../src/api/types.ts';
import { nowText } from '../builders.ts';

export type RolloutStatus = NonNullable<KubeVipConfigStatus['rollout']>;

export const rolloutStatus = (of: Partial<RolloutStatus> = {}): RolloutStatus => ({
  function: 'control-plane',
  revision: 'abc',
  attempt: 1,
  from: 'v1.1.2',
  to: 'v1.2.3',
  lastGood: 'x',
  phase: 'Canary',
  nodes: ['n1'],
  since: nowText,
  ...of,
});
