// What probes run: what a flag says, else what the operator's own pod was started from.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { systemNamespace } from '../api/metadata.ts';
import { explain } from '../cluster/errors.ts';
import type { Http } from '../cluster/http.ts';
import { readOwnImage } from '../cluster/own-pod.ts';
import type { ProbeImage } from '../render/probe-daemon-set.ts';

const retryMs = 2000;

/** Undefined: nodes cannot be asked. */
export type ProbeSource = { readonly image: string } | { readonly pod: string } | undefined;

/** What a flag says counts more than the own pod. An empty name is none. */
export function probeSourceOf({
  probeImage,
  podName,
}: {
  readonly probeImage: string | undefined;
  readonly podName: string | undefined;
}): ProbeSource {
  const byPod = podName ? { pod: podName } : undefined;
  return probeImage === undefined ? byPod : { image: probeImage };
}

const pauseBeforeRetry = (): Promise<void> => sleep(retryMs, undefined, { ref: false });

/** The image; asks for the pod until the API server answers. */
export async function learnImage(
  source: ProbeSource,
  http: Pick<Http, 'send'>,
  log: Pick<Logger, 'warn'>,
  pause = pauseBeforeRetry,
): Promise<ProbeImage | undefined> {
  if (source === undefined || 'image' in source) {
    return source && { image: source.image, pullSecrets: [] };
  }
  for (;;) {
    try {
      return await readOwnImage(http, { namespace: systemNamespace, name: source.pod });
    } catch (error) {
      log.warn({ ...explain(error), retryMs }, 'cannot read the own pod, trying again');
    }
    await pause();
  }
}
