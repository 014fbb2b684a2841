// Several files of tests print at once: each line begins with the name of its file.
import { afterAll, expect } from '@jest/globals';
import { basename } from 'node:path';

const file = basename(expect.getState().testPath ?? '', '.test.ts');
const write = process.stdout.write.bind(process.stdout);

process.stdout.write = (text: string | Uint8Array): boolean =>
  write(
    String(text)
      .split('\n')
      .map((line) => (line === '' ? '' : `${file}: ${line}`))
      .join('\n'),
  );

afterAll(() => {
  process.stdout.write = write;
});
