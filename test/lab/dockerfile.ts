// Reads the final stage of the operator's Dockerfile. It knows the instructions that a stage without a
// shell can have, and refuses the others: a lab image that silently differs would prove nothing.
import { posix } from 'node:path';
import type { ImageConfig } from './oci.ts';

export interface Copy {
  /** The stage that it comes from. Undefined: the repository. */
  readonly stage?: string;
  /** Path in the repository: what an earlier stage builds is found at the same place here. */
  readonly from: string;
  /** Absolute path in the image. */
  readonly to: string;
  /** Whether the destination names a folder to copy into. */
  readonly isFolder: boolean;
}

export interface FinalStage {
  readonly base: string;
  readonly copies: readonly Copy[];
  readonly config: ImageConfig;
}

interface Reading {
  base: string;
  workdir: string;
  user: string;
  copies: Copy[];
  env: string[];
  entrypoint: string[];
  cmd: string[];
}

const readers: Readonly<Record<string, (stage: Reading, rest: string) => void>> = {
  FROM: (stage, rest) => Object.assign(stage, emptyStage(rest.split(/\s+/)[0] ?? '')),
  WORKDIR: (stage, rest) => (stage.workdir = posix.resolve(stage.workdir, rest)),
  USER: (stage, rest) => (stage.user = rest),
  ENV: (stage, rest) => stage.env.push(...rest.split(/\s+/)),
  ENTRYPOINT: (stage, rest) => (stage.entrypoint = JSON.parse(rest) as string[]),
  CMD: (stage, rest) => (stage.cmd = JSON.parse(rest) as string[]),
  COPY: readCopy,
  LABEL: () => undefined,
  EXPOSE: () => undefined,
};

function emptyStage(base: string): Reading {
  return { base, workdir: '/', user: '', copies: [], env: [], entrypoint: [], cmd: [] };
}

function readCopy(stage: Reading, rest: string): void {
  const all = rest.split(/\s+/);
  const earlier = all.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  const words = all.filter((word) => !word.startsWith('--'));
  const target = words.pop() ?? '';
  for (const from of words) {
    const to = posix.resolve(stage.workdir, target);
    // An earlier stage works below its own WORKDIR, which is this repository.
    const path = from.startsWith('/') ? from.split('/').slice(2).join('/') : from;
    const isFolder = target.endsWith('/') || target === '.';
    stage.copies.push({ ...(earlier === undefined ? {} : { stage: earlier }), from: path, to, isFolder });
  }
}

/** Reads the last stage of a Dockerfile; throws on an instruction that the lab cannot honour. */
export function parseFinalStage(text: string): FinalStage {
  const lines = text
    .replaceAll(/\\\r?\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const last = lines.findLastIndex((line) => /^from\s/i.test(line));
  if (last < 0) throw new Error('Dockerfile: expected a FROM line, found none');
  const stage = emptyStage('');
  for (const line of lines.slice(last)) readLine(stage, line);
  const { base, copies, workdir, user, env, entrypoint, cmd } = stage;
  const config = { Entrypoint: entrypoint, Cmd: cmd, Env: env, User: user, WorkingDir: workdir };
  return { base, copies, config };
}

function readLine(stage: Reading, line: string): void {
  const [instruction = '', rest = ''] = line.split(/\s+(.*)/s);
  const read = readers[instruction.toUpperCase()];
  if (read === undefined)
    throw new Error(`Dockerfile: the lab cannot follow ${instruction} in the final stage`);
  read(stage, rest.trim());
}
