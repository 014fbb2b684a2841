// A list in pages, so that a large one is never in memory whole before it is trimmed.
import type { KubernetesObject } from '@kubernetes/client-node';
import type { Http } from './http.ts';

interface Page {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items: readonly KubernetesObject[];
}

/** A collection at one resource version, from which a watch goes on. */
export interface Listed {
  readonly items: readonly KubernetesObject[];
  readonly version: string;
}

/** Which objects of which collection are listed. `trim` keeps of each only what is read. */
export interface ListRequest {
  readonly path: string;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly trim?: ((object: KubernetesObject) => KubernetesObject) | undefined;
}

const pageSize = 500;

/**
 * Every object of a collection, as it was at one moment.
 * @throws ApiError, with status 410 when the list took longer than the API server keeps that moment.
 */
export async function listAll(http: Pick<Http, 'send'>, request: ListRequest): Promise<Listed> {
  const { path, labelSelector, fieldSelector, trim = (object) => object } = request;
  const items: KubernetesObject[] = [];
  let next: string | undefined;
  let version: string;
  do {
    const query = new URLSearchParams({
      limit: String(pageSize),
      ...(labelSelector && { labelSelector }),
      ...(fieldSelector && { fieldSelector }),
      ...(next && { continue: next }),
    });
    const page: Page = await http.send<Page>({ method: 'GET', path: `${path}?${query.toString()}` });
    items.push(...page.items.map(trim));
    version = page.metadata?.resourceVersion ?? '0';
    next = page.metadata?.continue;
  } while (next);
  return { items, version };
}
