// The alerts that are shipped, as Prometheus sees them.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Alert[] }[];
}

/** What is in the PrometheusRule: the content of a rule file. */
export function ruleFile(): RuleFile {
  const text = readFileSync('config/monitoring/alerts.yaml', 'utf8');
  return (parse(text) as { spec: RuleFile }).spec;
}

export const alerts: readonly Alert[] = ruleFile().groups.flatMap(({ rules }) => rules);
