// What the API server would say of a KubeVipConfig, without one: every problem, not only the first; and what it has no
// budget to find.
import { overlapComplaint } from '../api/pool-rules.ts';
import { complaint, fieldError, type FieldError } from '../api/rule.ts';
import { apiRules } from '../api/rules.ts';
import type { KubeVipConfig } from '../api/types.ts';
import { releases } from './releases.ts';
import { choosable } from './verdicts.ts';
import { versionRules } from './version-rules.ts';

/** Every rule that the CRD carries. */
export const rules = [...apiRules, ...versionRules];

/**
 * Everything that is wrong with an object that fits the schema; empty means valid.
 * @param old the object that it replaces, for the rules about changes.
 */
export function validate(config: KubeVipConfig, old?: KubeVipConfig): readonly FieldError[] {
  const isKnown = releases.some(({ version }) => version === config.spec.version);
  const versions = choosable.map(({ version }) => version).join(', ');
  const unknown = isKnown
    ? []
    : [fieldError(`spec.version: expected one of ${versions}, found ${config.spec.version}`)];
  const found = rules.flatMap((rule) => complaint(rule, config, old) ?? []);
  return [...unknown, ...found, ...[overlapComplaint(config) ?? []].flat()];
}
