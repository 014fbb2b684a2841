// That every KubeVipConfig which the API server stores can also be carried out: each DaemonSet that it renders to is
// taken by the same API server, so that no stored spec ends as ApplyFailed.
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { admittedConfigs } from '../api/arbitraries.ts';
import { rendering } from '../builders.ts';
import { paths, startCluster, type TestCluster } from './cluster.ts';

jest.setTimeout(180_000);

const query = '?dryRun=All&fieldValidation=Strict';
let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startCluster();
}, 60_000);

afterAll(() => cluster?.stop());

const refusal = (path: string, body: unknown): Promise<string | undefined> =>
  cluster.admin.refusal({ method: 'POST', path: `${path}${query}`, body });

/** What is against the object, or against a DaemonSet of it. */
async function refusals({ apiVersion, kind, metadata, spec }: KubeVipConfig): Promise<readonly string[]> {
  const body = { apiVersion, kind, metadata: { name: metadata.name }, spec };
  const config = { ...body, metadata: { ...metadata, ...body.metadata } };
  const answers = [
    await refusal(paths.configs, body),
    ...(await Promise.all(rendering(config).map((object) => refusal(paths.daemonSets, object)))),
  ];
  return answers.filter((answer) => answer !== undefined);
}

it('every DaemonSet of every admitted KubeVipConfig is taken', async () => {
  const { seed, numRuns: asked = 0 } = fc.readConfigureGlobal();
  const numRuns = Math.max(500, asked);
  await fc.assert(
    fc.asyncProperty(admittedConfigs, async (config) => {
      expect(await refusals(config)).toEqual([]);
    }),
    { numRuns },
  );
  console.info(`applicable: ${numRuns} objects with seed ${seed}`);
});
