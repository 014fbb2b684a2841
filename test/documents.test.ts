// What the documents tell a person to type, and where they lead.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const documents = ['.', 'docs', 'docs/decisions'].flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file)),
);

interface Deployment {
  readonly spec: { readonly template: { readonly metadata: { readonly labels: Record<string, string> } } };
}

const { labels } = (parse(readFileSync('config/manager/manager.yaml', 'utf8')) as Deployment).spec.template
  .metadata;
const selectors = Object.entries(labels).map(([name, value]) => `${name}=${value}`);

const withoutCode = (markdown: string): string => markdown.replaceAll(/^ *```[\s\S]*?^ *```/gm, '');

/** The anchors of a document, as a Git host makes them of its headings. */
const anchorsOf = (path: string): readonly string[] =>
  [...withoutCode(readFileSync(path, 'utf8')).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

describe('docs/services.md', () => {
  it('shows the sample of a second network as it is', () => {
    const [, shown = ''] =
      /```yaml\n([^`]*name: storage\n[^`]*)```/.exec(readFileSync('docs/services.md', 'utf8')) ?? [];
    expect(parse(shown)).toEqual(parse(readFileSync('config/samples/second-network.yaml', 'utf8')));
  });
});

describe.each(documents)('%s', (path) => {
  const text = readFileSync(path, 'utf8');

  // By the name of a Deployment kubectl reads the log of one replica, maybe of the one that stands by.
  it('reads the logs of every replica of the operator', () => {
    expect(text).not.toMatch(/\blogs deploy(ment)?\//);
    for (const [command, selector] of text.matchAll(/\blogs -l (\S+)[^`|]*/g)) {
      expect(selectors).toContain(selector);
      expect(command).toContain('--tail=-1 --prefix');
    }
  });

  it('leads only to what is there', () => {
    const links = [...withoutCode(text).matchAll(/\]\((?!https?:)([^()#\s]*)(?:#([^()\s]+))?\)/g)];
    const broken = links.filter(([, to = '', anchor]) => {
      const file = to === '' ? path : join(dirname(path), to);
      return !existsSync(file) || (anchor !== undefined && !anchorsOf(file).includes(anchor));
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});
