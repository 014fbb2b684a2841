// What the operator itself was started from, read from its own pod: the probes of nodes run the same.
import type { V1Pod } from '@kubernetes/client-node';
import type { ProbeImage } from '../render/probe-daemon-set.ts';
import { listAll } from './pages.ts';
import type { Http } from './http.ts';
import { pathOf, resources } from './resources.ts';

const container = 'operator';

/**
 * Image and pull secrets of a pod; undefined when there is no such pod.
 * @throws ApiError when the list is refused.
 */
export async function readOwnImage(
  http: Pick<Http, 'send'>,
  own: { readonly namespace: string; readonly name: string },
): Promise<ProbeImage | undefined> {
  // As a list, which the operator may do anyway: no permission to get pods is needed.
  const path = pathOf(resources.pods, own.namespace);
  const { items } = await listAll(http, { path, fieldSelector: `metadata.name=${own.name}` });
  const [pod]: readonly V1Pod[] = items;
  const { spec } = pod ?? {};
  const main = spec?.containers.find(({ name }) => name === container) ?? spec?.containers[0];
  return main?.image === undefined
    ? undefined
    : { image: main.image, pullSecrets: (spec?.imagePullSecrets ?? []).flatMap(({ name }) => name ?? []) };
}
