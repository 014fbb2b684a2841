// A list in pages, so that a large one is never in memory whole before it is trimmed.
import type { KubernetesObject } from '@kubernetes/client-node';
import { LargeAnswerError } from './errors.ts';
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
 * Of one page, in bytes. Whoever may write Services of one namespace may write hundreds of more than a megabyte each, and several
 * lists are read at once.
 */
const mostBytes = 4 * 1024 * 1024;

/** A page that was too large is asked for with so much less. The next ones are twice as large each, as long as they fit. */
const shrinkBy = 8;

/** One page, and how many objects fitted into it. */
async function pageOf(
  http: Pick<Http, 'send'>,
  { path, query }: { readonly path: string; readonly query: object },
  size: number,
): Promise<{ readonly page: Page; readonly size: number }> {
  const search = new URLSearchParams({ limit: String(size), ...query });
  // One object by itself is read whatever its size: etcd holds none that is much larger than a megabyte.
  const limit = size > 1 && { mostBytes };
  try {
    const page = await http.send<Page>({ method: 'GET', path: `${path}?${search.toString()}`, ...limit });
    return { page, size };
  } catch (error) {
    if (error instanceof LargeAnswerError && size > 1) {
      return pageOf(http, { path, query }, Math.max(1, Math.floor(size / shrinkBy)));
    }
    throw error;
  }
}

/**
 * Every object of a collection, as it was at one moment.
 * @throws ApiError, with status 410 when the list took longer than the API server keeps that moment.
 */
export async function listAll(http: Pick<Http, 'send'>, request: ListRequest): Promise<Listed> {
  const { path, labelSelector, fieldSelector, trim = (object) => object } = request;
  const selectors = { ...(labelSelector && { labelSelector }), ...(fieldSelector && { fieldSelector }) };
  const items: KubernetesObject[] = [];
  let next: string | undefined;
  let version: string;
  let wanted = pageSize;
  do {
    const query = { ...selectors, ...(next && { continue: next }) };
    const { page, size } = await pageOf(http, { path, query }, wanted);
    wanted = Math.min(pageSize, 2 * size);
    items.push(...page.items.map(trim));
    version = page.metadata?.resourceVersion ?? '0';
    next = page.metadata?.continue;
  } while (next);
  return { items, version };
}
