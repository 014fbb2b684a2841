// The administrator of the test's cluster over plain HTTPS: a request costs milliseconds, kubectl a fifth of
// a second. Independent of src/cluster, which is under test.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { ApiServer } from '../lab/api-server.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export const contentTypes = {
  json: 'application/json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  patch: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

export interface AdminRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly type?: keyof typeof contentTypes;
  /** In the name of an account, with its rights. */
  readonly as?: string;
}

/** An answer that a test did not expect. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** A path that is not served yet is answered with plain text. */
function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const messageOf = ({ body }: Answer): string => (body as { message?: string } | undefined)?.message ?? '';

/** Speaks to the API server as a member of system:masters. */
export class Admin {
  readonly #api: ApiServer;
  readonly #agent: Agent;

  constructor(api: ApiServer) {
    this.#api = api;
    this.#agent = new Agent({ keepAlive: true, ca: readFileSync(api.caFile) });
  }

  /** The answer, whatever its status. */
  send({ method, path, body, type = 'json', as }: AdminRequest): Promise<Answer> {
    const headers = {
      authorization: `Bearer ${this.#api.adminToken}`,
      ...(body !== undefined && { 'content-type': contentTypes[type] }),
      ...(as !== undefined && { 'impersonate-user': as, 'impersonate-group': 'system:authenticated' }),
    };
    return new Promise((resolve, reject) => {
      const asked = request(
        `${this.#api.url}${path}`,
        { method, headers, agent: this.#agent },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body: bodyOf(text) }));
        },
      );
      asked.on('error', reject);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** The body of a success; anything else is thrown. */
  async expect<T>(wanted: AdminRequest): Promise<T> {
    const answer = await this.send(wanted);
    if (answer.status >= 300) {
      throw new RefusedError(`${wanted.method} ${wanted.path}: ${answer.status} ${messageOf(answer)}`);
    }
    return answer.body as T;
  }

  /** An object, or undefined when it does not exist. */
  async get<T>(path: string): Promise<T | undefined> {
    const answer = await this.send({ method: 'GET', path });
    if (answer.status !== 200 && answer.status !== 404) {
      throw new RefusedError(`GET ${path}: ${answer.status} ${messageOf(answer)}`);
    }
    return answer.status === 404 ? undefined : (answer.body as T);
  }

  /** The message with which a request was refused, or undefined when it was not. */
  async refusal(wanted: AdminRequest): Promise<string | undefined> {
    const answer = await this.send(wanted);
    return answer.status < 300 ? undefined : messageOf(answer);
  }

  close(): void {
    this.#agent.destroy();
  }
}
