// Helm as a person types it, with real Helm.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './process.ts';
import { ensureTools } from './tools.ts';

/** A folder for the time of one use. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'chart-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs Helm with values, and settings of its own that are empty; rejects with what it printed. */
export async function helm(args: readonly string[], values: object = {}): Promise<string> {
  const { helm: program = '' } = await ensureTools(['helm']);
  return inFolder((folder) => {
    const file = join(folder, 'values.yaml');
    writeFileSync(file, JSON.stringify(values));
    const homes = ['HELM_CONFIG_HOME', 'HELM_CACHE_HOME', 'HELM_DATA_HOME'].map((name) => [name, folder]);
    const given = ['install', 'upgrade', 'template'].includes(args[0] ?? '') ? ['--values', file] : [];
    return run([program, ...args, ...given], { env: { ...Object.fromEntries(homes), KUBECONFIG: '' } });
  });
}
