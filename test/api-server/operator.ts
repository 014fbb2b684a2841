// The operator as its image runs it: the bundle, in a process of its own, with nothing but a kubeconfig.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createInterface } from 'node:readline';
import { freePorts } from '../free-ports.ts';
import { until } from './until.ts';

export interface LogLine {
  readonly level: string;
  readonly time: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface OperatorOptions {
  /** Given as --kubeconfig. */
  readonly kubeconfig?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Flags besides --kubeconfig. Default: a health port that the kernel picks. */
  readonly args?: readonly string[];
}

interface Ended {
  readonly code: number | null;
  readonly ms: number;
  /** What it did when it was killed, and its last lines; empty where it ended by itself. */
  readonly hung: string;
}

export interface Operator {
  readonly pid: number;
  /** Every line of its log until now. */
  readonly logs: readonly LogLine[];
  /** Everything that it printed, on both streams. */
  output(): string;
  /** The first line that fits, also one of the past. */
  waitForLog(sentence: string, fits: (line: LogLine) => boolean, ms?: number): Promise<LogLine>;
  isRunning(): boolean;
  /** Sends a signal and does not wait, for example SIGKILL or SIGSTOP. */
  signal(name: NodeJS.Signals): void;
  /** Resolves with the exit code when it ends by itself. */
  readonly ended: Promise<number | null>;
  /** Asks it to end as the kubelet does, and kills it after 10 s. */
  stop(signal?: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<Ended>;
}

const killAfterMs = 10_000;

// A run starts some hundreds of operators: what one has compiled, the next need not.
const compiled = join('node_modules', '.cache', 'operator');

function parseLine(line: string): LogLine | undefined {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return undefined;
  }
}

const tail = (lines: readonly string[]): string =>
  lines
    .slice(-30)
    .map((line) => line.slice(0, 600))
    .join('\n');

/** The command line of the image, without the path of node. */
function imageCommand(): readonly string[] {
  const [, entryPoint = '[]'] = /^ENTRYPOINT (\[.*\])$/m.exec(readFileSync('Dockerfile', 'utf8')) ?? [];
  return (JSON.parse(entryPoint) as string[]).slice(1);
}

/** Whether a process that does not end works or waits: its state, and the ticks of processor time that it has used. */
function processorOf(pid = 0): string {
  try {
    const [state = '', ...fields] =
      readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return `it is in state ${state}, and has used ${fields[10]} and ${fields[11]} ticks`;
  } catch {
    return 'it has ended, and its output is still open';
  }
}

/** Starts what the image starts; `npm run build` has made it. */
export function startOperator({ kubeconfig, env = {}, args }: OperatorOptions): Operator {
  const flags = [
    ...(kubeconfig ? ['--kubeconfig', kubeconfig] : []),
    // Several run at a time; the last one of a flag counts.
    '--metrics-port=0',
    ...(args ?? ['--health-port', '0']),
  ];
  // No more of the environment than this: a KUBECONFIG of the developer's must not reach it.
  const child = spawn(process.execPath, [...imageCommand(), ...flags], {
    env: { HOME: '/nonexistent', NODE_COMPILE_CACHE: compiled, ...env },
  });
  const logs: LogLine[] = [];
  const printed: string[] = [];
  createInterface(child.stdout).on('line', (line) => {
    printed.push(line);
    const parsed = parseLine(line);
    if (parsed) {
      logs.push(parsed);
    }
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => printed.push(chunk));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    pid: child.pid ?? 0,
    logs,
    ended,
    isRunning,
    signal: (name) => void child.kill(name),
    output: () => printed.join('\n'),
    waitForLog: (sentence, fits, ms) =>
      until(
        `a log line that ${sentence}`,
        () => {
          const found = logs.find(fits);
          if (found === undefined) {
            throw new Error(`the log so far:\n${tail(printed)}`);
          }
          return found;
        },
        ms,
      ),
    async stop(signal = 'SIGTERM') {
      const since = Date.now();
      child.kill(signal);
      let hung = '';
      const killed = sleep(killAfterMs, undefined, { ref: false }).then(() => {
        hung = `${processorOf(child.pid)}\n${tail(printed)}`;
        child.kill('SIGKILL');
      });
      const code = await Promise.race([ended, killed.then(() => ended)]);
      return { code, ms: Date.now() - since, hung };
    },
  };
}

/** What a health endpoint answers, for example `200 ok`; what the transport says when nobody listens. */
export async function health(port: number, path: string): Promise<string> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return `${response.status} ${(await response.text()).trim()}`;
  } catch (error) {
    return String(error);
  }
}

/** One of several operators of a cluster, with its own ports for probes and metrics, that dials no address. */
export async function startReplica(
  options: Pick<OperatorOptions, 'kubeconfig' | 'env'>,
): Promise<{ readonly operator: Operator; readonly port: number; readonly metricsPort: number }> {
  const [port = 0, metricsPort = 0] = await freePorts(2);
  const flags = [
    '--health-port',
    String(port),
    '--metrics-port',
    String(metricsPort),
    '--probe-addresses',
    'off',
    '--probe-image',
    'example.org/x:1',
  ];
  return { operator: startOperator({ ...options, args: flags }), port, metricsPort };
}
