// Flags and environment to Options, once, at start. The one reader of the environment.
import { parseArgs } from 'node:util';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface Options {
  /** kubeconfig file; undefined: KUBECONFIG, ~/.kube/config or the pod's ServiceAccount. */
  readonly kubeconfig: string | undefined;
  readonly logLevel: LogLevel;
  /** Port of /healthz and /readyz. */
  readonly healthPort: number;
  /** Seconds between two full compares of every object. */
  readonly resyncSeconds: number;
}

export const usage = `kube-vip-operator: runs kube-vip from KubeVipConfig objects

  --kubeconfig FILE       default: KUBECONFIG, ~/.kube/config, or the pod's ServiceAccount
  --log-level LEVEL       ${logLevels.join(', ')}; default info
  --health-port PORT      /healthz and /readyz; default 8081
  --resync-seconds N      full compare of every object; default 600
  --help
`;

/** A flag that is not understood; the message says which, what was expected and found. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new UsageError(`--${flag}: expected a whole number from ${least} to ${most}, found ${text}`);
  }
  return value;
}

function logLevel(text: string): LogLevel {
  const level = logLevels.find((row) => row === text);
  if (level === undefined) {
    throw new UsageError(`--log-level: expected one of ${logLevels.join(', ')}, found ${text}`);
  }
  return level;
}

/**
 * @param args without the program's name.
 * @returns the options, or undefined when only help was asked for.
 * @throws UsageError naming the flag.
 */
export function parseOptions(args: readonly string[]): Options | undefined {
  const { values } = parse(args);
  return values.help
    ? undefined
    : {
        kubeconfig: values.kubeconfig,
        logLevel: logLevel(values['log-level']),
        healthPort: wholeNumber('health-port', values['health-port'], 0, 65535),
        resyncSeconds: wholeNumber('resync-seconds', values['resync-seconds'], 1, 86_400),
      };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        kubeconfig: { type: 'string' },
        'log-level': { type: 'string', default: 'info' },
        'health-port': { type: 'string', default: '8081' },
        'resync-seconds': { type: 'string', default: '600' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
