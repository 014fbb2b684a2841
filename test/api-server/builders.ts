// KubeVipConfigs that are valid by default: a test writes only what it is about.
import type { KubeVipConfig, KubeVipConfigSpec } from '../../src/api/types.ts';

/** A spec as a person may write it, right or wrong. */
export type AnySpec = Readonly<Record<string, unknown>>;

export interface Written {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: AnySpec;
}

/** The whole of what a person writes. */
export function written(name: string, spec: AnySpec): Written {
  return { apiVersion: 'kubevip.dev/v1alpha1', kind: 'KubeVipConfig', metadata: { name }, spec };
}

/** A control plane with one address; `overrides` replaces whole fields, undefined leaves one out. */
export function specWith(overrides: AnySpec = {}): AnySpec {
  // No node of these tests can be asked, which would be a warning each time.
  const preflight = { nodeProbe: 'Off' };
  const controlPlane = { addresses: ['203.0.113.100'] };
  return { version: 'v1.1.2', mode: 'ARP', controlPlane, preflight, ...overrides };
}

/** What the operator reads: the same object after it was stored, or as it would be. */
export function asStored({ spec, ...rest }: Written): KubeVipConfig {
  return { ...rest, spec: spec as KubeVipConfigSpec };
}

/** Conditions as text: `{ Ready: 'False NoHolder' }`. */
export function conditionsOf(config: KubeVipConfig | undefined): Readonly<Record<string, string>> {
  const list = config?.status?.conditions ?? [];
  return Object.fromEntries(list.map(({ type, status, reason }) => [type, `${status} ${reason}`]));
}

/** The message of a condition, or undefined. */
export function messageOf(config: KubeVipConfig | undefined, type: string): string | undefined {
  return config?.status?.conditions?.find((row) => row.type === type)?.message;
}

/** The shortest election that the API takes and a test can wait for. */
export const shortElection = {
  leaseDurationSeconds: 6,
  renewDeadlineSeconds: 2,
  retryPeriodSeconds: 1,
} as const;
