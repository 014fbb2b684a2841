// Wires everything, starts it, stops it on a signal.
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import { explain } from './cluster/errors.ts';
import { accountNamespace, loadKubeConfig } from './cluster/kube-config.ts';
import { Controller } from './controller/controller.ts';
import { probeSourceOf } from './controller/own-image.ts';
import { strayNamespace } from './controller/leadership.ts';
import type { Observer } from './controller/controller-options.ts';
import { makeLogger, standardOutput } from './logger.ts';
import { Meter } from './meter.ts';
import { noFacts } from './metrics/samples.ts';
import { parseOptions, usage, UsageError, type Options } from './options.ts';
import { serveHealth, serveMetrics } from './server.ts';

const firstRetryMs = 500;
const longestRetryMs = 15_000;

/** A kubeconfig, as soon as there is one that can be used. */
async function waitForKubeConfig(options: Options, log: Logger): Promise<KubeConfig> {
  for (let retryMs = firstRetryMs; ; retryMs = Math.min(longestRetryMs, 2 * retryMs)) {
    try {
      return loadKubeConfig(options.kubeconfig);
    } catch (error) {
      log.error({ ...explain(error), retryMs }, 'cannot load the kubeconfig, trying again');
    }
    await sleep(retryMs);
  }
}

function connect(options: Options, kubeConfig: KubeConfig, log: Logger, observer: Observer): Controller {
  const refresh = (): void => kubeConfig.loadFromOptions(loadKubeConfig(options.kubeconfig));
  // A pod's name is that of one process at a time: a restarted container goes on as the same leader.
  const identity = options.podName || `${hostname()}_${randomUUID()}`;
  const probe = probeSourceOf(options);
  return new Controller({ ...options, kubeConfig, refresh, log, observer, identity, probe });
}

/** Ends the process when a server cannot listen: what asks it would wait for ever. */
function orEnd(server: Server, log: Logger, port: number, flag: string): void {
  server.on('error', (error) => {
    log.error({ cause: explain(error).cause, todo: `give ${flag} another port`, port }, 'cannot listen');
    process.exit(1);
  });
}

async function leadOrEnd(controller: Controller, log: Logger): Promise<void> {
  const loss = await controller.lead();
  if (loss !== undefined) {
    log.error(loss, 'lost leadership, ending');
    process.exit(1);
  }
}

async function run(options: Options): Promise<void> {
  const log = await makeLogger(options.logLevel, standardOutput());
  const meter = new Meter();
  let stray = strayNamespace(options.podNamespace);
  let controller: Controller | undefined;
  const server = serveHealth(
    {
      broken: () => controller?.stuck(),
      notReady: () => stray?.cause ?? (controller ? controller.notReady() : 'waiting for kubeconfig'),
    },
    options.healthPort,
  );
  orEnd(server, log, options.healthPort, '--health-port');
  const { contentType } = meter;
  const read = (): Promise<string> => meter.expose(controller?.facts() ?? noFacts);
  orEnd(serveMetrics({ contentType, read }, options.metricsPort), log, options.metricsPort, '--metrics-port');
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      log.info({ signal }, 'stopping');
      void Promise.resolve(controller?.stop()).then(() => process.exit(0));
    });
  }
  if (stray === undefined) {
    log.info('starting');
    const kubeConfig = await waitForKubeConfig(options, log);
    // Whoever does not say where it runs has an account all the same; the admission policies know only ours.
    stray = strayNamespace(accountNamespace(kubeConfig), 'has a ServiceAccount of');
    controller = stray ? undefined : connect(options, kubeConfig, log, meter);
  }
  if (controller === undefined) {
    // Not an end: a process that ends is started again, and says nothing in between.
    log.error(stray, 'will not act from here');
    return;
  }
  await controller.start();
  await leadOrEnd(controller, log);
}

async function main(): Promise<void> {
  try {
    const options = parseOptions(process.argv.slice(2), process.env);
    if (options === undefined) {
      process.stdout.write(usage);
      return;
    }
    await run(options);
  } catch (error) {
    if (!(error instanceof UsageError)) {
      throw error;
    }
    process.stderr.write(`${error.message}\n\n${usage}`);
    process.exitCode = 2;
  }
}

await main();
