// What the API server said of some objects while a test did something: every change, with its time.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Lab } from './lab.ts';

/** The fields of an object at one moment. */
export interface Sight<Field extends string> {
  readonly at: number;
  readonly of: Readonly<Record<Field, string>>;
}

export interface Watched<Field extends string> {
  /** Every sight until now, the first one first. */
  readonly sights: readonly Sight<Field>[];
  stop(): void;
}

// kubectl makes columns of tabs.
const separator = ' | ';

/**
 * Watches objects until it is stopped.
 * @param which arguments of `kubectl get`
 * @param paths where each field is, as jsonpath
 */
export function watch<Field extends string>(
  { kubectlPath, kubeconfig }: Lab,
  which: readonly string[],
  paths: Readonly<Record<Field, string>>,
): Watched<Field> {
  const fields = Object.keys(paths) as Field[];
  const line = fields.map((field) => `{${paths[field]}}`).join(separator);
  const args = ['--kubeconfig', kubeconfig, 'get', ...which, '--watch', '-o', `jsonpath=${line}{"\\n"}`];
  const child = spawn(kubectlPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const sights: Sight<Field>[] = [];
  createInterface(child.stdout).on('line', (text) => {
    const values = text.split(separator);
    const pairs = fields.map((field, index) => [field, values[index] ?? ''] as const);
    sights.push({ at: Date.now(), of: Object.fromEntries(pairs) as Record<Field, string> });
  });
  return { sights, stop: () => void child.kill() };
}

/** Where a condition of a KubeVipConfig has a field. */
export const inCondition = (type: string, field: string): string =>
  `.status.conditions[?(@.type=="${type}")].${field}`;
