// The commands that the pages of an install tell a person to type. test/lab/pages.test.ts runs them in order, and a comment
// directly above a block says where it is run, or why it is not:
//   <!-- run on every node -->
//   <!-- not run: it needs a registry -->
import { readFileSync } from 'node:fs';

/** Pages whose every block of commands is run, or says why not. */
export const pages = ['docs/getting-started.md', 'docs/install.md'] as const;

/** Where the commands of a block are typed. */
export type Place = 'at the cluster' | 'on every node';

/** A block of shell commands of a page. */
export interface Block {
  readonly page: string;
  readonly line: number;
  /** The heading above it. */
  readonly heading: string;
  readonly text: string;
  readonly place: Place;
  /** Why no test runs it. */
  readonly notRun?: string;
}

const placeOf = (note: string): Place | undefined =>
  note === '' ? 'at the cluster' : note === 'run on every node' ? 'on every node' : undefined;

function readNote(note: string, at: string): Pick<Block, 'place' | 'notRun'> {
  const [, notRun] = /^not run: (\S.*)$/.exec(note) ?? [];
  const place = placeOf(note);
  if (notRun !== undefined) return { place: 'at the cluster', notRun };
  if (place !== undefined) return { place };
  throw new Error(
    `${at}: expected no comment, "run on every node" or "not run: REASON" above commands, found "${note}"`,
  );
}

const withoutIndent = (text: string, indent: string): string =>
  text.replaceAll(new RegExp(`^${indent}`, 'gm'), '');

/** Blocks of one language in Markdown, in the order of the page. */
export function blocksIn(page: string, markdown: string): readonly Block[] {
  const fences = /(?:^ *<!-- (.*) -->\n)?^( *)```sh\n([\s\S]*?)^ *```$/gm;
  return [...markdown.matchAll(fences)].map(({ index, 1: note = '', 2: indent = '', 3: text = '' }) => {
    const above = markdown.slice(0, index);
    const line = above.split('\n').length;
    const headings = [...above.matchAll(/^#+ (.+)$/gm)];
    return {
      page,
      line,
      heading: headings.at(-1)?.[1] ?? '',
      text: withoutIndent(text, indent),
      ...readNote(note, `${page}:${line}`),
    };
  });
}

/** Blocks of a page of this repository. */
export const blocksOf = (page: string): readonly Block[] => blocksIn(page, readFileSync(page, 'utf8'));
