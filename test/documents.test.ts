// What the documents tell a person to type.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
});
