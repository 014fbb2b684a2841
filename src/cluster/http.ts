// Requests to the API server as plain JSON: the shapes of list, watch and patch are then the same, times
// included. Authentication and TLS are client-node's.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  HttpMethod,
  IsomorphicFetchHttpLibrary,
  RequestContext,
  type KubeConfig,
  type ResponseContext,
} from '@kubernetes/client-node';
import { ApiError, LargeAnswerError } from './errors.ts';

/** HTTP methods that are sent. */
export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** One request to the API server. */
export interface Request {
  readonly method: Method;
  /** Path and query, for example `/api/v1/namespaces/x/pods?limit=1`. */
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
  /** What the answer is; default: JSON. */
  readonly answer?: 'text';
  /** How much of an answer is read. One that is longer is given up. */
  readonly mostBytes?: number;
  /** Milliseconds after which it counts as failed. With this it is also sent at once and only once. */
  readonly timeoutMs?: number;
  /** Asked right before it is sent: for how many milliseconds it may be under way. Throws when it may not be sent. */
  readonly leftMs?: () => number;
}

/** Sends only while that is allowed. */
export function guarded(http: Pick<Http, 'send'>, leftMs: () => number): Pick<Http, 'send'> {
  return { send: (request) => http.send({ ...request, leftMs }) };
}

/** One answer of the API server, or that there was none. */
export interface Answered {
  readonly verb: Method | 'WATCH';
  readonly path: string;
  /** Status of the answer; `none` when there was none. */
  readonly code: string;
  /** Until the answer was there. */
  readonly seconds: number;
}

const longestMs = 15_000;
// A reconcile waits no longer than this for an API server that asks for patience; its own back-off follows.
const longestPauseMs = 15_000;
const attempts = 3;
// client-node makes a connection pool per request. One is kept, and renewed so that rotated client
// certificates are picked up.
const poolLifetimeMs = 300_000;

type Pool = ReturnType<RequestContext['getDispatcher']>;

/** Speaks to one API server. */
export class Http {
  readonly #kubeConfig: KubeConfig;
  readonly #now: () => number;
  readonly #sleep: (ms: number) => Promise<unknown>;
  readonly #onAnswer: (answered: Answered) => void;
  readonly #library = new IsomorphicFetchHttpLibrary();
  #pool: Pool;
  #poolSince = 0;
  #notBefore = 0;

  /** @param now milliseconds of a clock that never jumps: one set back would keep requests waiting as long. */
  constructor(
    kubeConfig: KubeConfig,
    now: () => number,
    pause: (ms: number) => Promise<unknown> = sleep,
    onAnswer: (answered: Answered) => void = () => undefined,
  ) {
    this.#kubeConfig = kubeConfig;
    this.#now = now;
    this.#sleep = pause;
    this.#onAnswer = onAnswer;
  }

  /**
   * The decoded body of a successful answer. Waits as long as the API server asks for, and asks again then.
   * @throws ApiError when the API server says no; LargeAnswerError when it says too much; the transport's error when it does
   * not answer.
   */
  async send<T>(request: Request): Promise<T> {
    const what = `${request.method} ${request.path.split('?')[0]}`;
    for (let attempt = 1; ; attempt += 1) {
      if (request.timeoutMs === undefined) {
        await this.#patience(what);
      }
      const { response, answer } = await this.#once(request);
      const pauseMs = pauseOf(response);
      this.#notBefore = this.#now() + pauseMs;
      if (response.httpStatusCode < 300) {
        return (request.answer === 'text' ? answer : JSON.parse(answer)) as T;
      }
      const isLast = attempt === attempts || request.timeoutMs !== undefined;
      if (pauseMs === 0 || pauseMs > longestPauseMs || isLast) {
        throw new ApiError(response.httpStatusCode, what, messageOf(answer));
      }
    }
  }

  // For every request: who was asked to wait, and sends another one meanwhile, has not waited.
  async #patience(what: string): Promise<void> {
    const pauseMs = this.#notBefore - this.#now();
    if (pauseMs > longestPauseMs) {
      const seconds = Math.ceil(pauseMs / 1000);
      throw new ApiError(429, what, `not sent: the API server asked to wait, ${seconds} s are left`);
    }
    if (pauseMs > 0) {
      await this.#sleep(pauseMs);
    }
  }

  async #once({ method, path, body, contentType = 'application/json', ...request }: Request) {
    const context = new RequestContext(
      `${this.#kubeConfig.getCurrentCluster()?.server}${path}`,
      HttpMethod[method],
    );
    context.setHeaderParam('Accept', 'application/json');
    if (body !== undefined) {
      context.setHeaderParam('Content-Type', contentType);
      context.setBody(JSON.stringify(body));
    }
    await this.#kubeConfig.applySecurityAuthentication(context);
    this.#reusePool(context);
    const { timeoutMs = longestMs, leftMs } = request;
    // As late as possible: nothing is awaited between this question and the request.
    context.setSignal(AbortSignal.timeout(Math.min(timeoutMs, Math.ceil(leftMs?.() ?? timeoutMs))));
    return this.#answer(context, { method, path, mostBytes: request.mostBytes });
  }

  async #answer(context: RequestContext, request: Pick<Request, 'method' | 'path'> & Limit) {
    const { method: verb, path } = request;
    const since = this.#now();
    const tell = (code: string): void =>
      this.#onAnswer({ verb, path, code, seconds: (this.#now() - since) / 1000 });
    try {
      const response = await this.#library.send(context).toPromise();
      const answer = await textOf(response, request);
      tell(String(response.httpStatusCode));
      return { response, answer };
    } catch (error) {
      tell('none');
      if (!(error instanceof LargeAnswerError)) {
        // The next attempt may go elsewhere, or trust another authority: the kubeconfig is read again.
        this.#pool = undefined;
      }
      throw error;
    }
  }

  #reusePool(context: RequestContext): void {
    if (this.#pool === undefined || this.#now() - this.#poolSince > poolLifetimeMs) {
      this.#pool = context.getDispatcher();
      this.#poolSince = this.#now();
    }
    if (this.#pool !== undefined) {
      context.setDispatcher(this.#pool);
    }
  }
}

interface Limit {
  readonly mostBytes: number | undefined;
}

/** The text of an answer. What would be too long is not even kept until its end: it may be more than there is memory. */
async function textOf(
  { body }: ResponseContext,
  { method, path, mostBytes }: Pick<Request, 'method' | 'path'> & Limit,
): Promise<string> {
  const stream = body.stream();
  if (mostBytes === undefined || stream === null) {
    return body.text();
  }
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  // To leave the loop gives the connection up.
  for await (const piece of stream) {
    bytes += piece.length;
    if (bytes > mostBytes) {
      throw new LargeAnswerError(`${method} ${path.split('?')[0]}`, mostBytes);
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** What Retry-After of a 429 or 503 asks for, in milliseconds: seconds, or a date by the clock of who answers. */
function pauseOf({ httpStatusCode, headers }: ResponseContext): number {
  const text = headers['retry-after'] ?? '';
  if (![429, 503].includes(httpStatusCode) || text === '') {
    return 0;
  }
  const pauseMs = /^\d+$/.test(text)
    ? Number(text) * 1000
    : Date.parse(text) - Date.parse(headers['date'] ?? '');
  return Number.isNaN(pauseMs) ? 0 : Math.max(0, pauseMs);
}

function messageOf(answer: string): string {
  try {
    return (JSON.parse(answer) as { message?: string }).message ?? answer;
  } catch {
    return answer.slice(0, 200);
  }
}
