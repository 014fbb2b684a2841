// What a probe prints, at the moment when it prints it. The kubelet needs up to a second to see that a container has ended, and
// some more to say with which message. Its log is there at once.
import { Watch, type KubeConfig } from '@kubernetes/client-node';
import { systemNamespace } from '../api/metadata.ts';
import { probeContainer } from '../render/probe-daemon-set.ts';
import { ApiError } from './errors.ts';
import type { Answered } from './http.ts';
import { answering } from './watch-answers.ts';

// Far more than a report has: a line without end is not read to its end.
const mostBytes = 65_536;

function failureOf(error: unknown, path: string): unknown {
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  return statusCode === undefined ? error : new ApiError(statusCode, `GET ${path}`, message ?? '');
}

/**
 * Follows the log of a probe pod up to its first line of JSON, which is its report.
 * @param watch client-node's: it reads lines of JSON from whatever path it is given.
 * @returns that line; undefined when the log ends without one, or when the signal comes.
 * @throws ApiError when the API server, or the kubelet behind it, does not show the log.
 */
export async function followReport(
  watch: Pick<Watch, 'watch'>,
  pod: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (signal.aborted) {
    return undefined;
  }
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  const path = `/api/v1/namespaces/${systemNamespace}/pods/${pod}/log`;
  const request = await watch.watch(
    path,
    { container: probeContainer, follow: true, limitBytes: mostBytes },
    (_phase, _object, line: unknown) => resolve(JSON.stringify(line)),
    (error: unknown) => (error && !signal.aborted ? reject(failureOf(error, path)) : resolve(undefined)),
  );
  const hangUp = (): void => {
    request.abort();
    resolve(undefined);
  };
  signal.addEventListener('abort', hangUp, { once: true });
  if (signal.aborted) {
    hangUp();
  }
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', hangUp);
    hangUp();
  }
}

/** Makes {@link followReport} with a connection of its own for each log. How the API server answers is told. */
export function makeFollow(
  kubeConfig: KubeConfig,
  onAnswer: (answered: Answered) => void,
): (pod: string, signal: AbortSignal) => Promise<string | undefined> {
  // Counted as a watch: how long its answer takes says when the probe spoke, and nothing of the API server.
  const watch = answering(new Watch(kubeConfig), onAnswer);
  return (pod, signal) => followReport(watch, pod, signal);
}
