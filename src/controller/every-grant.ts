// Whether the view has every grant that the cluster has: the last leader may have granted what the watch has not told yet.
import type { V1Service } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import { explain } from '../cluster/errors.ts';
import { standingOf } from '../grants/standing.ts';

/** What is compared. */
export interface Views {
  /** Reads every Service from the API server, and not from a cache. */
  readonly current: () => Promise<readonly V1Service[]>;
  /** A Service as the view has it, by `namespace/name`. */
  readonly seen: (key: string) => V1Service | undefined;
  readonly log: Logger;
}

/** True when each grant of the cluster is in the view. A read of everything, and not of what changed, so that nothing is missed. */
async function hasEveryGrant({ current, seen, log }: Views): Promise<boolean> {
  try {
    const services = await current();
    return services.map(standingOf).every(({ key, grant }) => {
      const service = seen(key);
      return grant === undefined || (service !== undefined && standingOf(service).grant === grant);
    });
  } catch (error) {
    log.warn(explain(error), 'cannot read the grants, trying again');
    return false;
  }
}

const lagMs = 100;

/** How long it is waited for. */
export interface Patience {
  readonly pause: (ms: number) => Promise<unknown>;
  readonly isWanted: () => boolean;
}

/** Resolves when the view has every grant, or nobody wants to know it any more. */
export async function untilEveryGrant({ pause, isWanted, ...views }: Views & Patience): Promise<void> {
  while (isWanted() && !(await hasEveryGrant(views))) {
    await pause(lagMs);
  }
}
