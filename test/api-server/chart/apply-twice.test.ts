// That an install is settled: what was applied is what the API server stores, so a second apply is silent and tools that
// compare (kubectl diff, Argo CD, Flux) see no difference.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { chartFolder } from '../../chart/chart.ts';
import { startApiServer, type ApiServer } from '../../lab/api-server.ts';
import { helm } from '../../lab/helm.ts';
import { run } from '../../lab/process.ts';
import { ensureTools } from '../../lab/tools.ts';

jest.setTimeout(120_000);

/** What kubectl calls changed although nothing changes, and why. */
const notSilent: Readonly<Record<string, string>> = {
  'poddisruptionbudget.policy/kube-vip-operator':
    'kubectl replaces its selector as a whole, by the patch strategy of that field, also with an equal one',
};

const installs: Readonly<Record<string, () => Promise<string>>> = {
  'config/default': async () => {
    const { kustomize = '' } = await ensureTools(['kustomize']);
    return run([kustomize, 'build', 'config/default']);
  },
  'the chart': () => helm(['template', 'kube-vip-operator', chartFolder, '--no-hooks']),
};

let api: ApiServer | undefined;

afterEach(() => api?.stop());

/** Applies an install once, and gives kubectl on the same objects. */
async function applied(manifests: string, ...flags: readonly string[]) {
  const started = await startApiServer();
  api = started;
  const file = join(started.dir, 'install.yaml');
  writeFileSync(file, manifests);
  const kubectl = (verb: string): Promise<string> => started.kubectl(verb, ...flags, '-f', file);
  const versions = (): Promise<string> =>
    started.kubectl('get', '-f', file, '-o=jsonpath={range .items[*]}{.metadata.resourceVersion} {end}');
  await kubectl('apply');
  return { kubectl, versions };
}

const changedIn = (said: string): readonly string[] =>
  said
    .split('\n')
    .filter((line) => line !== '' && !line.endsWith(' unchanged'))
    .map((line) => line.replace(/ configured$/, ''));

describe.each(Object.entries(installs))('%s', (_, manifests) => {
  it('is unchanged by a second apply, and has no difference', async () => {
    const { kubectl, versions } = await applied(await manifests());
    const before = await versions();
    expect(changedIn(await kubectl('apply'))).toEqual(Object.keys(notSilent));
    expect(await versions()).toBe(before);
    expect(await kubectl('diff')).toBe('');
  });

  it('is unchanged by a second apply on the side of the server', async () => {
    const { kubectl, versions } = await applied(await manifests(), '--server-side');
    const before = await versions();
    await kubectl('apply');
    expect(await versions()).toBe(before);
    expect(await kubectl('diff')).toBe('');
  });
});
