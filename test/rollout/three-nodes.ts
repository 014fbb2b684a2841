// A control plane on three nodes, as most tests of rollouts have it.
import { kubeVipConfig } from '../builders.ts';
import { PlayedCluster, type PlayedOptions } from './played-cluster.ts';

/** Its spec: no Services, and a step may take half a minute. */
export const controlPlane = kubeVipConfig({
  spec: { services: undefined, rollout: { progressDeadlineSeconds: 30 } },
});
/** A cluster where it runs, and n3 holds. */
export const cluster = (options: Partial<PlayedOptions> = {}): PlayedCluster =>
  new PlayedCluster({ nodes: 3, configs: [controlPlane], ...options });
/** What a person writes to have another release. */
export const upgrade = { version: 'v1.2.3' } as const;

/** Nodes in the order in which their pods were ended. */
export const order = ({ endings }: PlayedCluster): readonly string[] => endings.map(({ node }) => node);
