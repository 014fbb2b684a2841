// The package of the Helm chart. Helm writes the time of the day into it, so its
// files are packed again.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../test/lab/process.ts';
import { pack } from '../test/lab/archive.ts';

const chartFolder = 'charts/kube-vip-operator';

/** What is asked of {@link packageChart}. */
export interface ChartRequest {
  readonly root: string;
  readonly version: string;
  /** The Helm program. */
  readonly helm: () => Promise<string>;
  readonly out: string;
}

/** Writes the package of the chart. */
export async function packageChart({ root, version, helm, out }: ChartRequest): Promise<void> {
  const chart = join(root, chartFolder);
  const work = mkdtempSync(join(tmpdir(), 'release-chart-'));
  try {
    const versions = ['--version', version, '--app-version', `v${version}`];
    await run([await helm(), 'package', chart, ...versions, '--destination', work]);
    const [file = ''] = readdirSync(work);
    await run(['tar', '-xzf', join(work, file), '-C', work]);
    const folders = readdirSync(work).filter((name) => name !== file);
    await pack(work, join(work, 'chart.tar'), folders);
    await run(['sh', '-c', 'gzip -nc "$1" > "$2"', 'sh', join(work, 'chart.tar'), join(out, file)]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
