// The operator as a program: its flags, its health endpoints, its end.
import { createServer } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { freePorts } from '../free-ports.ts';
import { health, startOperator, type Operator } from './operator.ts';
import { settled } from './until.ts';
import { stretched } from '../stretched.ts';

jest.setTimeout(30_000);

const running: Operator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((operator) => operator.stop()));
});

function start(...args: readonly string[]): Operator {
  const operator = startOperator({ args });
  running.push(operator);
  return operator;
}

describe('the command line', () => {
  it('explains itself', async () => {
    const operator = start('--help');
    expect(await operator.ended).toBe(0);
    expect(operator.output()).toMatch(/--kubeconfig FILE[^]*--log-level LEVEL[^]*--health-port PORT/);
    expect(operator.logs).toEqual([]);
  });

  it.each<[string, readonly string[], RegExp]>([
    ['a flag that is not known', ['--leader-elect'], /^Unknown option '--leader-elect'/],
    ['a word that is no flag', ['edge'], /^Unexpected argument 'edge'/],
    ['a flag without its value', ['--kubeconfig'], /^Option '--kubeconfig <value>' argument missing/],
    [
      'a level that is none',
      ['--log-level', 'loud'],
      /^--log-level: expected one of trace, debug, info, warn, error, found loud/,
    ],
    [
      'a port that is none',
      ['--health-port', '99999'],
      /^--health-port: expected a whole number from 0 to 65535, found 99999/,
    ],
    [
      'an interval that is none',
      ['--resync-seconds', 'often'],
      /^--resync-seconds: expected a whole number from 1 to 86400, found often/,
    ],
  ])('refuses %s with code 2, its name and the usage', async (_, args, says) => {
    const operator = start(...args);
    expect(await operator.ended).toBe(2);
    expect(operator.output()).toMatch(says);
    expect(operator.output()).toContain('--resync-seconds N');
    expect(operator.output()).not.toMatch(/^\s+at /m);
  });

  it.each(['--health-port', '--metrics-port'])(
    'gives up a taken %s, with cause and next step',
    async (flag) => {
      const [port = 0] = await freePorts(1);
      const taken = createServer().listen(port);
      const operator = start('--health-port', '0', flag, String(port));
      expect(await operator.ended).toBe(1);
      taken.close();
      const line = operator.logs.find((row) => row['port'] === port);
      expect(line).toMatchObject({ level: 'error', cause: expect.stringContaining('EADDRINUSE') });
      expect(`${line?.msg} ${String(line?.['todo'])}`).toContain(flag);
      expect(operator.output()).not.toMatch(/^\s+at /m);
    },
  );
});

describe('an operator without an API server', () => {
  it('names every place where it looked for a kubeconfig', async () => {
    const line = await start('--health-port', '0').waitForLog('complains', ({ level }) => level === 'error');
    expect(line['cause']).toBe(
      "default kubeconfig (KUBECONFIG, ~/.kube/config or the pod's ServiceAccount): expected current-context to lead to a cluster with an https URL as server, found http://localhost:8080",
    );
  });

  it('reads the file that KUBECONFIG names', async () => {
    const operator = startOperator({ env: { KUBECONFIG: '/nonexistent/named' } });
    running.push(operator);
    const line = await operator.waitForLog('complains', ({ level }) => level === 'error');
    expect(line['cause']).toContain("open '/nonexistent/named'");
  });

  it.each<[string, string, string]>([
    ['is healthy, because a restart would mend nothing', '/healthz', '200 ok'],
    ['is not ready, and says for what it waits', '/readyz', '503 waiting for kubeconfig'],
    ['says what it answers', '/metrics', '404 expected /healthz or /readyz'],
  ])('%s', async (_, path, answer) => {
    const [port = 0] = await freePorts(1);
    start('--kubeconfig', '/nonexistent/kubeconfig', '--health-port', String(port));
    expect(await settled(() => health(port, path), answer)).toBe(answer);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends on %s at once, and with code 0', async (signal) => {
    const operator = start('--kubeconfig', '/nonexistent/kubeconfig', '--health-port', '0');
    await operator.waitForLog('says that it waits', ({ level }) => level === 'error');
    const { code, ms } = await operator.stop(signal);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(stretched(2000));
  });
});
