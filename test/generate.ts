// Writes what is generated from the tables: `npm run generate`. A test holds that the tree is clean.
import { writeFileSync } from 'node:fs';
import { generatedFiles } from './generated.ts';

for (const [path, content] of Object.entries(generatedFiles())) {
  writeFileSync(new URL(`../${path}`, import.meta.url), content);
}
