// Samples of the metrics as tests compare them.
import type { KubeVipConfig, KubeVipConfigStatus } from '../../src/api/types.ts';
import { noFacts, samples, type Facts } from '../../src/metrics/samples.ts';
import { kubeVipConfig, now } from '../builders.ts';

/** A KubeVipConfig that has come so far. */
export const withStatus = (status: KubeVipConfigStatus): KubeVipConfig => ({ ...kubeVipConfig(), status });

/** Values by name and labels, for example `config_ready{edge}`. */
export function valuesOf(facts: Partial<Facts>): Readonly<Record<string, number>> {
  const given = { now, parseTime: Date.parse, configs: [kubeVipConfig()], seesLeases: true };
  const all = samples({ ...noFacts, ...given, ...facts });
  return Object.fromEntries(
    all.map(({ name, labels, value }) => [
      `${name.replace('kube_vip_operator_', '')}{${Object.values(labels).join()}}`,
      value,
    ]),
  );
}
