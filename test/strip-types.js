// How Jest reads TypeScript: Node itself takes the types out and leaves every other character where it is, so that
// lines and columns of errors are those of the source.
import { stripTypeScriptTypes } from 'node:module';

export default {
  process: (source) => ({ code: stripTypeScriptTypes(source) }),
};
