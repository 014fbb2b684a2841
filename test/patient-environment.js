// Where tests of API servers and labs run: what limits a test or a hook is there to end one that hangs, and a busy
// machine hangs later.
import { TestEnvironment } from 'jest-environment-node';
import { stretched } from './stretched.ts';

export default class PatientEnvironment extends TestEnvironment {
  // A hook runs for many tests, each time with the limit that it was written with.
  #written = new Map();

  handleTestEvent({ name, hook, test }, { testTimeout }) {
    const limited = { hook_start: hook, test_fn_start: test }[name];
    if (limited === undefined) {
      return;
    }
    if (!this.#written.has(limited)) {
      this.#written.set(limited, limited.timeout ?? testTimeout);
    }
    limited.timeout = stretched(this.#written.get(limited));
  }
}
