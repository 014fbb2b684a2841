// The two tests of every table of writes: what the API server says to each, and that one policy alone says it.
import { expect, it } from '@jest/globals';
import type { Fence, Row } from './fence.ts';

/**
 * Makes a test of each row: the API server answers its write as the row says.
 * @param fence gives the cluster, which is not there yet when the tests are made.
 */
export function judges(fence: () => Fence, rows: readonly Row[]): void {
  it.each(rows)('%s', async (_, write, sentence) => {
    expect(await fence().ask(write)).toBe(sentence);
  });
}

/**
 * Opens a policy and holds that the API server then allows what it refused. Where two policies refuse a write, the
 * API server answers with either: so this also holds that no row depends on chance.
 */
export async function expectOpen(
  fence: Fence,
  policy: string,
  probe: Row[1],
  rows: readonly Row[],
): Promise<void> {
  await fence.open(policy, probe);
  const refused = rows.filter(([, , sentence]) => sentence !== 'allowed');
  const answers: (readonly [what: string, answer: string])[] = [];
  for (const [what, write] of refused) {
    answers.push([what, await fence.ask(write)]);
  }
  expect(answers).toEqual(refused.map(([what]) => [what, 'allowed']));
}
