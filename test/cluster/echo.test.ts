import { expect, it } from '@jest/globals';
import { heeded } from '../../src/cluster/echo.ts';
import type { LeaseRecord } from '../../src/cluster/election-lease.ts';

const record = (version: string): LeaseRecord => ({
  holder: 'a',
  renewTime: '',
  acquireTime: '',
  transitions: 0,
  durationSeconds: 15,
  version,
});

/** What is told of a Lease that is answered with these versions, for example `r9` read, `w10` written, `r` not found. */
async function told(...answers: readonly string[]): Promise<readonly string[]> {
  const said: string[] = [];
  const versions = answers.map((answer) => answer.slice(1));
  const next = (): LeaseRecord => record(versions.shift() ?? '');
  const lease = heeded(
    {
      read: () => Promise.resolve(versions[0] === '' ? void versions.shift() : next()),
      write: () => Promise.resolve(next()),
    },
    { onVersion: (version) => said.push(version), onWentBack: ({ message }) => said.push(message) },
  );
  for (const answer of answers) {
    await (answer.startsWith('r') ? lease.read() : lease.write(record('')));
  }
  return said;
}

const back = (expected: string, found: string): string =>
  `Lease of the operator: expected version ${expected} or a later one, found ${found}`;

it.each([
  ['each version of a leader', ['r8', 'w9', 'w12'], ['8', '9', '12']],
  ['each version that a standby reads, also the same again', ['r8', 'r8', 'r10'], ['8', '8', '10']],
  ['nothing of a Lease that is not there', ['r', 'w9'], ['9']],
  ['that the next write is older', ['w900', 'w50', 'w51'], ['900', back('900', '50'), '50', '51']],
  ['that what is read is older', ['w900', 'r40'], ['900', back('900', '40'), '40']],
  ['that one made anew is older', ['w900', 'r', 'w41'], ['900', back('900', '41'), '41']],
])('tells %s', async (_, answers, expected) => {
  expect(await told(...answers)).toEqual(expected);
});
