// What the operator prints at its most talkative: requests, and never what they are allowed with.
import { stripVTControlCharacters } from 'node:util';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parse } from 'yaml';
import { specWith } from './builders.ts';
import { namespace } from './cluster.ts';
import { startOperator } from './operator.ts';
import { startStage, type Stage } from './stage.ts';
import { until } from './until.ts';

jest.setTimeout(30_000);

let stage: Stage;

beforeAll(async () => {
  stage = await startStage({ args: ['--log-level', 'trace'] });
}, 60_000);

afterAll(() => stage?.stop());

interface KubeConfigFile {
  users: { name: string; user: { token?: string } }[];
}

const kubeconfig = () => parse(readFileSync(stage.kubeconfig, 'utf8')) as KubeConfigFile;

function tokenOf({ users }: KubeConfigFile): string {
  const token = users[0]?.user.token ?? '';
  expect(token.length).toBeGreaterThan(20);
  return token;
}

/** What of these secrets was printed: whole, encoded, or a part that is long enough to be of use. */
function leaks(printed: string, secrets: readonly string[]): readonly string[] {
  const parts = secrets.flatMap((secret) => [
    secret,
    Buffer.from(secret).toString('base64'),
    ...secret.split('.').filter((part) => part.length > 20),
  ]);
  const headers = printed.match(/bearer |"authorization"/gi) ?? [];
  return [...parts.filter((part) => printed.includes(part)), ...headers];
}

it('would be noticed if it leaked', () => {
  const token = tokenOf(kubeconfig());
  const [, payload = ''] = token.split('.');
  for (const printed of [token, `x ${payload} y`, Buffer.from(token).toString('base64'), 'Bearer x']) {
    expect(leaks(printed, [token])).not.toEqual([]);
  }
});

describe('at trace level', () => {
  const password = 'pull-secret-content-9f2c';

  it('prints every request and no secret', async () => {
    const config = JSON.stringify({ auths: { 'example.org': { username: 'u', password } } });
    await stage.admin.expect({
      method: 'POST',
      path: `/api/v1/namespaces/${namespace}/secrets`,
      body: {
        metadata: { name: 'mirror' },
        type: 'kubernetes.io/dockerconfigjson',
        stringData: { '.dockerconfigjson': config },
      },
    });
    await stage.create('edge', specWith({ image: { pullSecrets: ['mirror'] } }));
    await stage.untilRuns('edge-control-plane');
    await stage.play.runHealthy('edge-control-plane', 'n1');
    await stage.operator.waitForLog(
      'tells of a PATCH',
      (line) => line.msg === 'request' && line['verb'] === 'PATCH' && line['code'] === '201',
    );
    expect(leaks(stage.operator.output(), [tokenOf(kubeconfig()), password])).toEqual([]);
  });

  it('names the object in every line about one', async () => {
    const steps = () => stage.operator.logs.filter(({ msg }) => msg === 'step done');
    await until('two steps to be told of', () => steps().length > 1);
    expect(new Set(steps().map((line) => line['kubeVipConfig']))).toEqual(new Set(['edge']));
  });

  it('prints no secret when it is refused', async () => {
    const file = kubeconfig();
    const stolen = `${tokenOf(file).slice(0, -4)}AAAA`;
    file.users.forEach(({ user }) => (user.token = stolen));
    const path = join(stage.api.dir, 'refused.kubeconfig');
    writeFileSync(path, JSON.stringify(file));
    const args = ['--health-port=0', '--log-level=trace'];
    const operator = startOperator({ kubeconfig: path, args });
    await operator.waitForLog('complains', ({ level }) => level === 'error', 20_000);
    await operator.stop();
    expect(leaks(operator.output(), [stolen])).toEqual([]);
  });
});

describe('of a kubeconfig that is broken', () => {
  const secret = 'token-of-somebody-5d1c';
  const withToken = (token: string): string =>
    JSON.stringify({ ...kubeconfig(), users: [{ name: kubeconfig().users[0]?.name, user: { token } }] });

  it.each<[string, string | undefined, RegExp]>([
    [
      'where the token stands beside the error',
      `users:\n  - name: a\n    user:\n      token: ${secret}\n       b: c\n`,
      /bad indentation of a mapping entry \(line 5, column \d+\)/,
    ],
    ['whose token has a line break', undefined, /is an invalid header value/],
  ])('%s, prints what is wrong and no secret', async (_, text, cause) => {
    const path = join(stage.api.dir, 'broken.kubeconfig');
    writeFileSync(path, text ?? withToken(`${secret}\n${secret}`));
    const operator = startOperator({ kubeconfig: path, args: ['--health-port=0', '--log-level=trace'] });
    await operator.waitForLog('says it', (line) => cause.test(String(line['cause'])), 20_000);
    await operator.stop();
    expect(leaks(operator.output(), [secret])).toEqual([]);
  });
});

describe('on a terminal', () => {
  it('prints lines for people', async () => {
    const command = 'node dist/main.js --kubeconfig /nonexistent --health-port 0 --metrics-port 0';
    const child = spawn('script', ['-qefc', command, '/dev/null'], {
      env: { ...process.env, HOME: '/nonexistent' },
    });
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
    await until('it to complain', () => printed.includes('trying again'), 20_000);
    child.kill('SIGTERM');
    const lines = stripVTControlCharacters(printed).split('\r\n');
    expect(lines[0]).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: starting/);
    expect(lines[1]).toMatch(/ERROR: cannot load the kubeconfig, trying again \{"cause":".*"todo":"correct/);
  });
});
