// That every command of the pages of an install is run by a test, or says why it is not, and that the README says the same.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { checks } from '../../src/preflight/checks.ts';
import { blocksIn, blocksOf, pages } from './blocks.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

const fence = (text: string, note = ''): string => `${note}\`\`\`sh\n${text}\n\`\`\`\n`;

describe('a block', () => {
  it('is typed at the cluster, when nothing else is said', () => {
    expect(blocksIn('a.md', `# One\n\n${fence('ls')}`)).toEqual([
      { page: 'a.md', line: 3, heading: 'One', text: 'ls\n', place: 'at the cluster' },
    ]);
  });

  it('is typed on every node, or not run, as the comment above it says', () => {
    const notes = ['<!-- run on every node -->\n', '<!-- not run: it needs Docker -->\n'];
    const [node, not] = blocksIn('a.md', notes.map((note) => fence('ls', note)).join('\n'));
    expect(node).toMatchObject({ place: 'on every node', text: 'ls\n' });
    expect(node?.notRun).toBeUndefined();
    expect(not).toMatchObject({ notRun: 'it needs Docker' });
  });

  it('loses the indent of its list', () => {
    expect(blocksIn('a.md', '- x:\n\n  ```sh\n  ls\n    -l\n  ```\n')).toMatchObject([
      { text: 'ls\n  -l\n' },
    ]);
  });

  it.each(['not run', 'not run:', 'skip', 'run on some nodes'])(
    'with the comment "%s" is refused',
    (note) => {
      expect(() => blocksIn('a.md', fence('ls', `<!-- ${note} -->\n`))).toThrow(
        `a.md:1: expected no comment, "run on every node" or "not run: REASON" above commands, found "${note}"`,
      );
    },
  );
});

describe.each(pages)('%s', (page) => {
  const text = readFileSync(page, 'utf8');

  // A block in another language would be run by no test, and need no reason.
  it('has commands in blocks of sh, and nothing but YAML in the others', () => {
    const opened = [...text.matchAll(/^ *```(.*)$/gm)].filter((_, index) => index % 2 === 0);
    expect(new Set(opened.map(([, language]) => language))).toEqual(new Set(['sh', 'yaml']));
    expect(opened.filter(([, language]) => language === 'sh')).toHaveLength(blocksOf(page).length);
  });

  it('names checks of preflight that exist', () => {
    const named = [...text.matchAll(/\b(?:check|warning|warns\s+with)\s+`([a-z-]+)`/g)].map(
      ([, id = '']) => id,
    );
    expect(named.length).toBeGreaterThan(0);
    expect(checks.map(({ id }) => id)).toEqual(expect.arrayContaining(named));
  });

  it('names this version', () => {
    const named = [
      ...text.matchAll(/kube-vip-operator-(\d[\w.-]*?)\.(?:tgz|oci)|VERSION=([\d.]+\d)|\bv(\d[\d.]*)\//g),
    ];
    expect(named.length).toBeGreaterThan(0);
    expect(new Set(named.map(([, ...groups]) => groups.find((group) => group !== undefined)))).toEqual(
      new Set([version]),
    );
  });
});

describe('what no test runs', () => {
  it('is this, with its reason', () => {
    const left = pages.flatMap(blocksOf).filter(({ notRun }) => notRun !== undefined);
    expect(left.map(({ heading, notRun }) => `${heading}: ${notRun}`)).toEqual([
      'kubeadm: it makes a cluster with kubeadm',
      'kubeadm: it changes a node of kubeadm',
      'MicroK8s: it changes a node of MicroK8s',
      'kind: it needs Docker',
      'Install: no release is published yet',
      'Verify the release: no release is published yet, so nothing is signed',
      'Verify the release: no release is published yet, so nothing is attested',
      'Mirrors and air gap: it needs registries',
      'Mirrors and air gap: it needs a registry',
      'GitOps: it needs Argo CD. test/config/argocd-health.test.ts runs its Lua',
    ]);
  });
});

describe('README.md', () => {
  const commands = (markdown: string): readonly string[] =>
    blocksIn('README.md', markdown)
      .filter(({ heading }) => heading === 'Install')
      .map(({ text }) => text.replace(/ +#.*\n?$/, '').trim());
  const run = pages.flatMap(blocksOf).filter(({ notRun }) => notRun === undefined);

  it('has a line to verify, one for YAML and one for Helm', () => {
    expect(commands(readFileSync('README.md', 'utf8')).map((line) => line.split(' ')[0])).toEqual([
      'sha256sum',
      'kubectl',
      'helm',
    ]);
  });

  it.each(commands(readFileSync('README.md', 'utf8')))(
    'says what the pages say and a test runs: %s',
    (line) => {
      expect(run.some(({ text }) => text.includes(line))).toBe(true);
    },
  );
});
