// Requests to the API server as plain JSON: the shapes of list, watch and patch are then the same, times
// included. Authentication and TLS are client-node's.
import {
  HttpMethod,
  IsomorphicFetchHttpLibrary,
  RequestContext,
  type KubeConfig,
} from '@kubernetes/client-node';
import { ApiError } from './errors.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface Request {
  readonly method: Method;
  /** Path and query, for example `/api/v1/namespaces/x/pods?limit=1`. */
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
}

const timeoutMs = 15_000;
// client-node makes a connection pool per request. One is kept, and renewed so that rotated client
// certificates are picked up.
const poolLifetimeMs = 300_000;

type Pool = ReturnType<RequestContext['getDispatcher']>;

/** Speaks to one API server. */
export class Http {
  readonly #kubeConfig: KubeConfig;
  readonly #now: () => number;
  readonly #library = new IsomorphicFetchHttpLibrary();
  #pool: Pool;
  #poolSince = 0;

  constructor(kubeConfig: KubeConfig, now: () => number) {
    this.#kubeConfig = kubeConfig;
    this.#now = now;
  }

  /**
   * The decoded body of a successful answer.
   * @throws ApiError when the API server says no; the transport's error when it does not answer.
   */
  async send<T>(request: Request): Promise<T> {
    const { method, path, body, contentType = 'application/json' } = request;
    const context = new RequestContext(
      `${this.#kubeConfig.getCurrentCluster()?.server}${path}`,
      HttpMethod[method],
    );
    context.setHeaderParam('Accept', 'application/json');
    context.setSignal(AbortSignal.timeout(timeoutMs));
    if (body !== undefined) {
      context.setHeaderParam('Content-Type', contentType);
      context.setBody(JSON.stringify(body));
    }
    await this.#kubeConfig.applySecurityAuthentication(context);
    this.#reusePool(context);
    const { response, answer } = await this.#answer(context);
    if (response.httpStatusCode >= 300) {
      throw new ApiError(response.httpStatusCode, `${method} ${path.split('?')[0]}`, messageOf(answer));
    }
    return JSON.parse(answer) as T;
  }

  async #answer(context: RequestContext) {
    try {
      const response = await this.#library.send(context).toPromise();
      return { response, answer: await response.body.text() };
    } catch (error) {
      // The next attempt may go elsewhere, or trust another authority: the kubeconfig is read again.
      this.#pool = undefined;
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

function messageOf(answer: string): string {
  try {
    return (JSON.parse(answer) as { message?: string }).message ?? answer;
  } catch {
    return answer.slice(0, 200);
  }
}
