// What the workflows may do: little, by actions that cannot change under their name.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly 'timeout-minutes'?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = '.github/workflows';
const workflows = readdirSync(folder).map((file) => {
  const text = readFileSync(join(folder, file), 'utf8');
  return { file, text, workflow: parse(text) as Workflow };
});

const pinned = /^\s*-? ?uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
const makefile = readFileSync('Makefile', 'utf8');

describe('workflows', () => {
  it('are these', () => {
    expect(workflows.map(({ file }) => file)).toEqual([
      'nightly.yml',
      'release.yml',
      'test.yml',
      'verify.yml',
    ]);
  });

  it('name each action by one commit', () => {
    const commits = workflows.flatMap(({ text }) => text.match(/uses: \S+@\S+/g) ?? []);
    const actions = new Set(commits.map((use) => use.split('@')[0]));
    expect(new Set(commits).size).toBe(actions.size);
  });
});

describe.each(workflows)('$file', ({ text, workflow: { permissions = { all: 'write' }, jobs } }) => {
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  const writes = (rights: Readonly<Record<string, string>> = {}): readonly string[] =>
    Object.keys(rights).filter((name) => rights[name] !== 'read');

  it('pins every action by its commit, with the version', () => {
    const uses = text.split('\n').filter((line) => /\buses:/.test(line));
    expect(uses.filter((line) => !pinned.test(line))).toEqual([]);
  });

  it('may write nothing unless a job says what', () => {
    expect(writes(permissions)).toEqual([]);
  });

  it('leaves no credential where code of packages runs', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
    const mixed = Object.values(jobs).filter(
      (job) =>
        writes(job.permissions).length > 0 && job.steps.some(({ run }) => /\b(npm|make)\b/.test(run ?? '')),
    );
    expect(mixed).toEqual([]);
  });

  it('has no secret but the token of its run', () => {
    expect(text).not.toMatch(/pull_request_target|workflow_run/);
    expect(text).not.toMatch(/secrets[.[]/);
  });

  it('ends', () => {
    expect(Object.values(jobs).filter((job) => job['timeout-minutes'] === undefined)).toEqual([]);
  });

  it('makes what the Makefile has', () => {
    const targets = steps.flatMap(({ run = '' }) => [...run.matchAll(/\bmake ([a-z-]+)/g)]);
    for (const [, target] of targets) expect(makefile).toContain(`\n${target}:`);
  });
});

describe('for a proposal', () => {
  const proposed = workflows.filter(({ workflow }) => 'pull_request' in workflow.on);

  it('something runs', () => {
    expect(proposed.map(({ file }) => file)).toEqual(['test.yml', 'verify.yml']);
  });

  it.each(proposed)('$file may only read', ({ text, workflow }) => {
    expect(Object.values(workflow.jobs).filter(({ permissions }) => permissions !== undefined)).toEqual([]);
    expect(text).not.toMatch(/github\.token|GITHUB_TOKEN/);
  });
});
