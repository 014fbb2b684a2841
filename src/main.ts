// Wires everything, starts it, stops it on a signal.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { explain } from './cluster/errors.ts';
import { loadKubeConfig } from './cluster/kube-config.ts';
import { Controller } from './controller/controller.ts';
import { makeLogger } from './logger.ts';
import { parseOptions, usage, UsageError, type Options } from './options.ts';
import { serveHealth } from './server.ts';

const firstRetryMs = 500;
const longestRetryMs = 15_000;

/** A controller, as soon as there is a kubeconfig to make one from. */
async function connect(options: Options, log: Logger): Promise<Controller> {
  for (let retryMs = firstRetryMs; ; retryMs = Math.min(longestRetryMs, 2 * retryMs)) {
    try {
      const kubeConfig = loadKubeConfig(options.kubeconfig);
      const refresh = (): void => kubeConfig.loadFromOptions(loadKubeConfig(options.kubeconfig));
      return new Controller({ kubeConfig, refresh, log, resyncSeconds: options.resyncSeconds });
    } catch (error) {
      log.error({ ...explain(error), retryMs }, 'cannot load the kubeconfig, trying again');
    }
    await sleep(retryMs);
  }
}

async function run(options: Options): Promise<void> {
  const log = makeLogger(options.logLevel);
  let controller: Controller | undefined;
  const server = serveHealth(
    {
      broken: () => controller?.stuck(),
      notReady: () => {
        const missing = controller?.unsynced() ?? ['kubeconfig'];
        return missing.length > 0 ? `waiting for ${missing.join(', ')}` : undefined;
      },
    },
    options.healthPort,
  );
  server.on('error', (error) => {
    log.error(
      { ...explain(error), port: options.healthPort },
      'cannot serve health; give --health-port another port',
    );
    process.exit(1);
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      log.info({ signal }, 'stopping');
      controller?.stop();
      process.exit(0);
    });
  }
  log.info('starting');
  controller = await connect(options, log);
  await controller.start();
}

async function main(): Promise<void> {
  try {
    const options = parseOptions(process.argv.slice(2));
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
