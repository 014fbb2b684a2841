// A Service that was granted an address, and for which kube-vip publishes nothing. The grant is written, so nothing is decided: it
// is said why nobody answers yet.
import { wantsEndpoint } from '../catalog/releases.ts';
import { nothing, placeOf, warning, type Decision } from './decision.ts';
import type { GrantFacts, Server } from './grounds.ts';
import { isUnderWay, type Standing } from './standing.ts';

/** For so long a kube-vip that leads may take, in milliseconds: it serves the Services of a class one after the other. */
export const patienceMs = 10_000;

const conditionOf = ({ config }: Server) => config.status?.conditions?.find(({ type }) => type === 'Ready');

function notReady(missing: string, server: Server): Decision {
  const { status, reason = 'no condition yet' } = conditionOf(server) ?? {};
  const found = status === 'True' ? 'no node that leads' : `Ready ${status ?? 'Unknown'} (${reason})`;
  const { name } = server.config.metadata;
  const note = `${missing} is granted and on no node yet: expected ${placeOf(server)} Ready, found ${found}; ask an administrator to look at kubectl get kvc ${name}`;
  return { ...nothing, told: [warning('ConfigNotReady', note)], isWaiting: true };
}

function notPublished(missing: string, asker: Standing, server: Server): Decision {
  const { spec, status } = server.config;
  const version = status?.version?.running || spec.version;
  const [namespace = '', name = ''] = asker.key.split('/');
  const todo = wantsEndpoint(version)
    ? `kube-vip ${version} binds it while the Service has a ready endpoint, so look at kubectl get endpointslices -n ${namespace} -l kubernetes.io/service-name=${name}`
    : `ask an administrator to look at the log of kube-vip on node ${status?.services?.holder}`;
  const note = `status.loadBalancer: expected ${missing} of ${placeOf(server)} within ${patienceMs / 1000} s of the grant, found nothing; ${todo}`;
  return { ...nothing, told: [warning('NotPublished', note)], isWaiting: true };
}

/** What a Service is told whose grant is written and not published; undefined: all of it is published, or there is none. */
export function unpublished(asker: Standing, server: Server, facts: GrantFacts): Decision | undefined {
  if (!isUnderWay(asker)) {
    return undefined;
  }
  const missing = [...asker.granted].filter((address) => !asker.published.has(address)).join(' and ');
  if (facts.grounds.leaderOf(asker.loadBalancerClass ?? '') === '') {
    return notReady(missing, server);
  }
  const leftMs = patienceMs - facts.underWayMs(asker.key);
  if (leftMs > 0) {
    return { ...nothing, isWaiting: true, afterSeconds: Math.ceil(leftMs / 1000) };
  }
  return conditionOf(server)?.status === 'True'
    ? notPublished(missing, asker, server)
    : notReady(missing, server);
}
