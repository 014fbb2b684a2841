// The health check for Argo CD, run by Lua itself.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

interface Health {
  readonly status: string;
  readonly message: string;
}

const { data } = parse(readFileSync('config/gitops/argocd-cm.yaml', 'utf8')) as {
  readonly data: Readonly<Record<string, string>>;
};
const script = data['resource.customizations.health.kubevip.dev_KubeVipConfig'] ?? '';

/** A JSON value as Lua writes it. */
function lua(value: unknown): string {
  if (Array.isArray(value)) {
    return `{${value.map(lua).join(', ')}}`;
  }
  return typeof value === 'object' && value !== null
    ? `{${Object.entries(value)
        .map(([key, below]) => `[${JSON.stringify(key)}] = ${lua(below)}`)
        .join(', ')}}`
    : JSON.stringify(value);
}

function healthOf(config: object): Health {
  const program = `obj = ${lua(config)}
local health = (function()
${script}
end)()
print(health.status .. "\\n" .. health.message)`;
  const { stdout, stderr, error } = spawnSync('lua5.1', ['-'], { input: program, encoding: 'utf8' });
  if (error) {
    throw new Error('missing: lua5.1, of the package lua5.1; install with: apt-get install lua5.1');
  }
  const [status = '', message = ''] = stdout.trim().split('\n');
  return { status: status || stderr, message };
}

const condition = (type: string, status: string, message: string) => ({ type, status, message });
const ready = condition('Ready', 'True', '203.0.113.100 on n1.');
const absent = condition('Ready', 'False', '203.0.113.100 is on no node.');
const stalled = condition('Stalled', 'True', 'Expected another version.');
const config = (status: object | undefined, spec: object = {}, metadata: object = {}): object => ({
  metadata: { name: 'edge', generation: 2, ...metadata },
  spec,
  ...(status && { status }),
});
const seen = (...conditions: readonly object[]): object => ({ observedGeneration: 2, conditions });

describe('Argo CD calls a KubeVipConfig', () => {
  it.each<readonly [what: string, of: object, status: string, message: string]>([
    [
      'without a status',
      config(undefined),
      'Progressing',
      'The operator has not looked at this generation yet',
    ],
    [
      'that no operator has seen',
      config({ observedGeneration: -1 }),
      'Progressing',
      'The operator has not looked at this generation yet',
    ],
    [
      'that was edited since',
      config({ observedGeneration: 1, conditions: [ready] }),
      'Progressing',
      'The operator has not looked at this generation yet',
    ],
    ['that is ready', config(seen(ready)), 'Healthy', ready.message],
    ['that only a person can mend', config(seen(ready, stalled)), 'Degraded', stalled.message],
    [
      'that is being changed',
      config(seen(absent, condition('Reconciling', 'True', 'n2 gets v1.1.2.'))),
      'Progressing',
      'n2 gets v1.1.2.',
    ],
    ['whose address is on no node', config(seen(absent)), 'Degraded', absent.message],
    [
      'that is suspended',
      config(seen(ready), { suspend: true }),
      'Suspended',
      'spec.suspend is true: nothing is applied',
    ],
    [
      'that is deleted',
      config(seen(absent, stalled), {}, { deletionTimestamp: '2026-11-24T12:00:00Z' }),
      'Progressing',
      absent.message,
    ],
    [
      'whose Ready is unknown',
      config(seen(condition('Ready', 'Unknown', 'No look yet.'))),
      'Unknown',
      'No look yet.',
    ],
  ])('%s', (_, of, status, message) => {
    expect(healthOf(of)).toEqual({ status, message });
  });
});
