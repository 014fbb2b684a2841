// An API server that a survey is read from.
import type { V1Node } from '@kubernetes/client-node';
import { ApiError } from '../../../src/cluster/errors.ts';
import type { Request } from '../../../src/cluster/http.ts';
import { readSurvey, type SurveyInput } from '../../../src/cluster/survey/read-survey.ts';

/** What is answered at each path. */
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

/** One round of reading. */
export const round = (http: ReturnType<typeof server>, input: Partial<SurveyInput> = {}) =>
  readSurvey({
    http,
    pause: () => Promise.resolve(),
    now: () => Date.parse('2026-11-24T12:00:00Z'),
    nodes: [],
    configs: [],
    ...input,
  });

/** What one round finds. */
export const read = async (answers: Answers, nodes: readonly V1Node[] = [], http = server(answers)) =>
  (await round(http, { nodes })).survey;

export const namespaceAnswers = { '/api/v1/namespaces': { items: [{ metadata: { labels: { a: 'b' } } }] } };
