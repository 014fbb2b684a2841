// An API server of some paths, for tests of the survey.
import type { V1Node } from '@kubernetes/client-node';
import { ApiError } from '../../../src/cluster/errors.ts';
import type { Request } from '../../../src/cluster/http.ts';
import { readSurvey } from '../../../src/cluster/survey/read-survey.ts';

/** What an API server says, by path. */
export type Answers = Readonly<Record<string, unknown>>;

/** An API server that knows some paths, and says 404 to all others; of a list of answers it gives one after the other. */
export function server(answers: Answers) {
  const given = new Map<string, number>();
  return {
    given,
    send<T>({ method, path: asked }: Request): Promise<T> {
      const path = asked.split('?')[0] ?? '';
      const count = given.get(path) ?? 0;
      given.set(path, count + 1);
      const known = answers[path];
      const answer =
        (Array.isArray(known) ? (known as readonly unknown[])[count] : known) ??
        new ApiError(404, `${method} ${path}`, 'not found');
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as T);
    },
  };
}

/** Reads a survey from such an API server. */
export const read = (answers: Answers, nodes: readonly V1Node[] = [], http = server(answers)) =>
  readSurvey({
    http,
    pause: () => Promise.resolve(),
    now: () => Date.parse('2026-11-24T12:00:00Z'),
    nodes,
    configs: [],
  });
