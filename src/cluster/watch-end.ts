// How a watch ended, and whether it can go on where it was.
import { ApiError, OutdatedError, SilentWatchError } from './errors.ts';
import type { Resource } from './resources.ts';

/** The failure of a watch, with what was refused: client-node says only the status. */
export function asApiError({ plural }: Pick<Resource, 'plural'>, error: unknown): unknown {
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  return statusCode === undefined ? error : new ApiError(statusCode, `WATCH ${plural}`, message ?? '');
}

/** Whether the API server cannot go on from where the watch was. */
export const isExpired = (error: unknown): boolean =>
  error instanceof OutdatedError || (error instanceof ApiError && error.status === 410);

/**
 * Whether something that had to come did not, a bookmark for example. An API server whose etcd was restored answers 200 and is
 * silent until it reaches the version.
 */
export const isSilence = (error: unknown): boolean =>
  error instanceof SilentWatchError || (error as { readonly name?: string }).name === 'TimeoutError';
