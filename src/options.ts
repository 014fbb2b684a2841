// Flags and environment to Options, once, at start. The one reader of the environment.
import { parseArgs } from 'node:util';

/** Levels that `--log-level` takes, the most talkative first. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error'] as const;

/** The least severity that is logged. */
export type LogLevel = (typeof logLevels)[number];

/** All that the process is told from outside. */
export interface Options {
  /** kubeconfig file; undefined: KUBECONFIG, ~/.kube/config or the pod's ServiceAccount. */
  readonly kubeconfig: string | undefined;
  readonly logLevel: LogLevel;
  /** Port of /healthz and /readyz. */
  readonly healthPort: number;
  /** Port of /metrics. */
  readonly metricsPort: number;
  /** Seconds between two full compares of every object. */
  readonly resyncSeconds: number;
  /** Seconds after which a reconcile that has not ended means that the process is stuck. */
  readonly stuckSeconds: number;
  /** Seconds without an answer of the API server after which the process is not ready. */
  readonly lostSeconds: number;
  /** POD_NAMESPACE: where the operator's own pod is; undefined: outside a cluster. */
  readonly podNamespace: string | undefined;
  /** Whether addresses are dialled; off where something in between answers for every address. */
  readonly probeAddresses: boolean;
  /** POD_NODE_NAME: the node that this process runs on; undefined: not told. */
  readonly nodeName: string | undefined;
  /** Image of the probes of nodes; undefined: that of {@link podName}. */
  readonly probeImage: string | undefined;
  /** POD_NAME: the operator's own pod; undefined: it runs outside a cluster. */
  readonly podName: string | undefined;
}

/** The answer to `--help`. */
export const usage = `kube-vip-operator: runs kube-vip from KubeVipConfig objects

  --kubeconfig FILE       default: KUBECONFIG, ~/.kube/config, or the pod's ServiceAccount
  --log-level LEVEL       ${logLevels.join(', ')}; default info
  --health-port PORT      /healthz and /readyz; default 8081
  --metrics-port PORT     /metrics, for Prometheus; default 8080
  --resync-seconds N      full compare of every object; default 600
  --stuck-seconds N       /healthz fails while one reconcile takes longer; default 120
  --lost-seconds N        /readyz fails when a watch has failed for longer; default 60
  --probe-addresses WHEN  on, off: whether the addresses are dialled; default on. Off where a proxy
                          between the operator and the nodes answers for every address. Then
                          Services are granted addresses that were not asked about
  --probe-image IMAGE     what asks the nodes; default: the image of the pod that POD_NAME names
  --help

POD_NAME and POD_NAMESPACE: the pod that it runs in, if any.
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

function onOrOff(flag: string, text: string): boolean {
  if (text !== 'on' && text !== 'off') {
    throw new UsageError(`--${flag}: expected on or off, found ${text}`);
  }
  return text === 'on';
}

function logLevel(text: string): LogLevel {
  const level = logLevels.find((row) => row === text);
  if (level === undefined) {
    throw new UsageError(`--log-level: expected one of ${logLevels.join(', ')}, found ${text}`);
  }
  return level;
}

/**
 * Reads flags, and from the environment what the pod tells of itself.
 * @param args without the program's name.
 * @param env of the process.
 * @returns the options, or undefined when only help was asked for.
 * @throws UsageError naming the flag.
 */
export function parseOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Options | undefined {
  const { values } = parse(args);
  return values.help
    ? undefined
    : {
        kubeconfig: values.kubeconfig,
        logLevel: logLevel(values['log-level']),
        healthPort: wholeNumber('health-port', values['health-port'], 0, 65535),
        metricsPort: wholeNumber('metrics-port', values['metrics-port'], 0, 65535),
        resyncSeconds: wholeNumber('resync-seconds', values['resync-seconds'], 1, 86_400),
        stuckSeconds: wholeNumber('stuck-seconds', values['stuck-seconds'], 1, 86_400),
        lostSeconds: wholeNumber('lost-seconds', values['lost-seconds'], 1, 86_400),
        podNamespace: env['POD_NAMESPACE'] || undefined,
        probeAddresses: onOrOff('probe-addresses', values['probe-addresses']),
        nodeName: env['POD_NODE_NAME'],
        probeImage: values['probe-image'],
        podName: env['POD_NAME'],
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
        'metrics-port': { type: 'string', default: '8080' },
        'resync-seconds': { type: 'string', default: '600' },
        'stuck-seconds': { type: 'string', default: '120' },
        'lost-seconds': { type: 'string', default: '60' },
        'probe-addresses': { type: 'string', default: 'on' },
        'probe-image': { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
