// A default Pod Security level of the API server refuses pods of a namespace that says nothing itself. A DaemonSet is taken
// without a word, so the operator cannot know: it says that.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { specWith } from './builders.ts';
import { namespace, paths } from './cluster.ts';
import { startStage, type Stage } from './stage.ts';
import { until } from './until.ts';

jest.setTimeout(60_000);

const configuration = `apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- name: PodSecurity
  configuration:
    apiVersion: pod-security.admission.config.k8s.io/v1
    kind: PodSecurityConfiguration
    defaults:
      enforce: restricted
`;
const dir = mkdtempSync(join(tmpdir(), 'pod-security-'));
let stage: Stage;

beforeAll(async () => {
  const file = join(dir, 'admission.yaml');
  writeFileSync(file, configuration);
  stage = await startStage({ flags: { 'admission-control-config-file': file } });
  await stage.create('edge', specWith());
  await stage.untilRuns('edge-control-plane');
}, 90_000);

afterAll(async () => {
  await stage?.stop();
  rmSync(dir, { recursive: true });
});

async function refusalOfPod(): Promise<string | undefined> {
  const spec = (await stage.daemonSet('edge-control-plane'))?.spec?.template.spec;
  const body = { metadata: { name: 'edge' }, spec };
  return stage.admin.refusal({ method: 'POST', path: `${paths.pods}?dryRun=All`, body });
}

const warnings = async (): Promise<readonly string[]> => {
  const rows = (await stage.config('edge'))?.status?.preflight ?? [];
  return rows.filter(({ check }) => check === 'pod-security-rejects').map(({ message }) => message);
};

it('says nothing while the namespace has its label', async () => {
  expect(await refusalOfPod()).toBeUndefined();
  expect(await warnings()).toEqual([]);
});

it('says that it cannot judge without the label, and the pods are refused indeed', async () => {
  await stage.admin.expect({
    method: 'PATCH',
    path: `/api/v1/namespaces/${namespace}`,
    body: { metadata: { labels: { 'pod-security.kubernetes.io/enforce': null } } },
    type: 'merge',
  });
  await until('the default to count', async () => (await refusalOfPod())?.includes('violates PodSecurity'));
  // A changed spec is judged by new facts.
  await stage.change('edge', { controlPlane: { addresses: ['203.0.113.100'], resources: {} } });
  const [message] = await until(
    'a warning',
    async () => {
      const found = await warnings();
      return found.length > 0 ? found : undefined;
    },
    45_000,
  );
  expect(message).toMatch(
    /^Namespace\/kube-vip-system: has no Pod Security level\. The default of the API server/,
  );
});
