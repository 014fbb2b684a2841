// What every Go module of this repository must pass: the formatter, the checks of the compiler, its own tests.
import { run } from './lab/process.ts';

/** One check, and what it prints when all is well. Undefined: whatever it prints. */
export interface GoCheck {
  readonly name: string;
  readonly command: readonly string[];
  readonly expected?: string;
}

/** In the order from quick to slow. */
export const goChecks: readonly GoCheck[] = [
  { name: 'gofmt has nothing to change', command: ['gofmt', '-l', '.'], expected: '' },
  { name: 'go vet has nothing to say', command: ['go', 'vet', './...'] },
  { name: 'its tests pass', command: ['go', 'test', './...'] },
];

// As the programs are built, so that what was compiled for one is there for the other.
const env = { CGO_ENABLED: '0', GOFLAGS: '-trimpath -buildvcs=false' };

/** Runs a check in the folder of a module. It rejects with what was printed. */
export async function runGoCheck(folder: string, { command, expected }: GoCheck): Promise<void> {
  const printed = await run(command, { cwd: folder, env });
  if (expected !== undefined && printed !== expected)
    throw new Error(
      `${folder}: ${command.join(' ')}: expected nothing, found ${printed}; run gofmt -w there`,
    );
}

/** Whether this machine has Go. */
export const hasGo = (): Promise<boolean> =>
  run(['go', 'version']).then(
    () => true,
    () => false,
  );
