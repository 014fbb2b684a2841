// The release of Kubernetes, asked before anything is done. On one below the floor the fences do not hold, so nothing is written.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import semver from 'semver';
import { floorReason, oldestKubernetes } from '../catalog/kubernetes.ts';
import { ApiError } from '../cluster/errors.ts';
import type { Http } from '../cluster/http.ts';
import type { Loss } from './leadership.ts';

const retryMs = 2000;
// An upgrade of Kubernetes takes minutes.
const tooOldMs = 30_000;

/** Why the operator cannot act on this release, or undefined. What cannot be read as a release is no reason. */
export function belowFloor(gitVersion: string): Loss | undefined {
  const version = semver.coerce(gitVersion);
  return version === null || semver.gte(version, `${oldestKubernetes}.0`)
    ? undefined
    : {
        cause: `API server runs Kubernetes ${gitVersion.replace(/^v/, '')}: expected ${oldestKubernetes} or newer, which has ${floorReason}`,
        todo: 'upgrade Kubernetes. What runs keeps running, and the operator begins by itself when the API server is new enough',
      };
}

/** What {@link untilNewEnough} asks and tells. */
export interface FloorOptions {
  readonly http: Pick<Http, 'send'>;
  readonly log: Pick<Logger, 'error'>;
  /** Hears why the operator waits. */
  readonly onTooOld: (loss: Loss) => void;
  readonly pause?: (ms: number) => Promise<void>;
}

const pauseFor = (ms: number): Promise<void> => sleep(ms, undefined, { ref: false });

const isForbidden = (error: unknown): boolean =>
  error instanceof ApiError && [401, 403].includes(error.status);

/** Undefined while there is no answer, of which the watches tell. Who may not ask gets the empty string. */
async function askVersion(http: Pick<Http, 'send'>): Promise<string | undefined> {
  try {
    const { gitVersion } = await http.send<{ gitVersion?: string }>({ method: 'GET', path: '/version' });
    return gitVersion ?? '';
  } catch (error) {
    return isForbidden(error) ? '' : undefined;
  }
}

/** Resolves when the API server is new enough, or does not say its version: preflight warns of that. */
export async function untilNewEnough({ http, log, onTooOld, pause = pauseFor }: FloorOptions): Promise<void> {
  for (let wasSaid = false; ;) {
    const version = await askVersion(http);
    const loss = version === undefined ? undefined : belowFloor(version);
    if (version !== undefined && loss === undefined) {
      return;
    }
    if (loss !== undefined && !wasSaid) {
      wasSaid = true;
      onTooOld(loss);
      log.error(loss, 'Kubernetes is too old, waiting for a newer release');
    }
    await pause(loss === undefined ? retryMs : tooOldMs);
  }
}
