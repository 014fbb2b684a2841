// The arrows of docs/architecture.md: a folder imports from itself and from what is below it, never from above.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** From below to above. Those of one row do not know each other. */
const layers = [
  ['api'],
  ['catalog'],
  ['render'],
  ['observed'],
  ['grants'],
  ['steps'],
  ['modes'],
  ['preflight'],
  ['rollout'],
  ['plan'],
  ['witness'],
  ['status'],
  ['metrics', 'cluster'],
  ['controller'],
] as const;

// Folders that nobody imports from may look at what they like.
const programs: readonly string[] = ['probe', 'check'];

// What stands beside the folders, such as src/main.ts, is above them all.
function rankOf(folder: string): number {
  const rank = layers.findIndex((row) => (row as readonly string[]).includes(folder));
  return rank === -1 ? layers.length : rank;
}
const folderOf = (path: string): string => path.split('/')[1] ?? '';

/** For example `src/observed/claims.ts imports src/preflight/run.ts`, for each import that points up or sideways. */
function arrowsUp(path: string, source: string): readonly string[] {
  const imports = [...source.matchAll(/\bfrom '(\.{1,2}\/[^']+)'/g)].map(([, to = '']) =>
    join(dirname(path), to),
  );
  const [folder, rank] = [folderOf(path), rankOf(folderOf(path))];
  return imports
    .filter((to) => folderOf(to) !== folder && !programs.includes(folder) && rankOf(folderOf(to)) >= rank)
    .map((to) => `${path} imports ${to}`);
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((name) => join('src', name))
  .filter((path) => path.endsWith('.ts') && path.split('/').length > 2);

describe('layers', () => {
  it.each([
    ['src/plan/decide.ts', '../preflight/run.ts', 0],
    ['src/preflight/nodes/probe-run.ts', '../../observed/metrics-ports.ts', 0],
    ['src/observed/claims.ts', './snapshot.ts', 0],
    ['src/observed/claims.ts', '../preflight/run.ts', 1],
    ['src/catalog/hazards/address.ts', '../../render/env.ts', 1],
    ['src/cluster/store.ts', '../metrics/row.ts', 1],
    ['src/api/types.ts', '../main.ts', 1],
  ])('of %s, an import of %s: %i points up', (path, to, count) => {
    expect(arrowsUp(path, `import { a } from '${to}';`)).toHaveLength(count);
  });

  it('name every folder', () => {
    expect(
      files.map(folderOf).filter((folder) => rankOf(folder) === layers.length && !programs.includes(folder)),
    ).toEqual([]);
  });

  it('have no arrow that points up', () => {
    expect(files.flatMap((path) => arrowsUp(path, readFileSync(path, 'utf8')))).toEqual([]);
  });
});
