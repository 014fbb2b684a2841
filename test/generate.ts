// Writes what is generated from the tables: `npm run generate`. A test holds that the tree is clean.
import { mkdirSync, writeFileSync } from 'node:fs';
import { generatedFiles } from './generated.ts';

for (const [path, content] of Object.entries(generatedFiles())) {
  const file = new URL(`../${path}`, import.meta.url);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, content);
}
