// Walks the settings table into the environment of one kube-vip process.
import type { V1EnvVar } from '@kubernetes/client-node';
import { settings, type EnvValue, type SettingInput } from '../catalog/settings.ts';
import { isInRange } from '../catalog/releases.ts';

function envVar(name: string, value: EnvValue): V1EnvVar {
  return typeof value === 'string'
    ? { name, value }
    : { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: value.fieldPath } } };
}

/** The variables of one process, in table order. */
export function renderEnv(input: SettingInput): V1EnvVar[] {
  return settings
    .filter(({ only }) => only === undefined || only === input.component)
    .filter(({ since, before }) => isInRange(input.spec.version, since, before))
    .flatMap(({ env, value }) => {
      const rendered = value(input);
      return rendered === undefined ? [] : [envVar(env, rendered)];
    });
}
