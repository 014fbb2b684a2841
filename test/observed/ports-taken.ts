// DaemonSets that together take every port for metrics, as 400 configs with both functions do.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { daemonSet } from '../builders.ts';
import { set } from '../plan/field-owners.ts';

const container = ['spec', 'template', 'spec', 'containers', '0'];

const onPort = (name: string, containerPort: number): V1DaemonSet => {
  const named = set(daemonSet(), ['metadata', 'name'], name);
  const ports = [{ name: 'metrics', containerPort, hostPort: containerPort, protocol: 'TCP' }];
  return set(set(named, [...container, 'ports'], ports), [...container, 'env'], []);
};

export const everyPortTaken: readonly V1DaemonSet[] = Array.from({ length: 800 }, (_, index) =>
  onPort(`x${index}-services`, 29100 + index),
);
