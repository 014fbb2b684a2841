// Tells how the API server answered a watch, which client-node keeps to itself.
import type { Watch } from '@kubernetes/client-node';
import type { Answered } from './http.ts';

/** The same watch, and its answer told: a refusal by its status, a start by 200. */
export function answering(
  watch: Pick<Watch, 'watch'>,
  onAnswer: (answered: Answered) => void,
): Pick<Watch, 'watch'> {
  return {
    async watch(path, query, take, done) {
      const since = performance.now();
      let isTold = false;
      const tell = (code: string): void => {
        if (!isTold) {
          isTold = true;
          onAnswer({ verb: 'WATCH', path, code, seconds: (performance.now() - since) / 1000 });
        }
      };
      const request = await watch.watch(path, query, take, (error: unknown) => {
        const { statusCode } = (error ?? {}) as { statusCode?: number };
        tell(statusCode === undefined ? 'none' : String(statusCode));
        done(error);
      });
      tell('200');
      return request;
    },
  };
}
