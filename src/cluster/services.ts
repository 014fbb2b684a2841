// Every Service as the API server has it now, for the one moment at which a view that lags is not good enough.
import type { V1Service } from '@kubernetes/client-node';
import type { Http } from './http.ts';
import { listAll } from './pages.ts';
import { pathOf, resources } from './resources.ts';

/** A consistent read of all Services, trimmed as the view has them. */
export async function listServices(http: Pick<Http, 'send'>): Promise<readonly V1Service[]> {
  const { trim } = resources.services;
  const { items } = await listAll(http, { path: pathOf(resources.services, ''), trim });
  return items;
}
