// Which configs an event about a Service or a node is about. There are thousands of both, and a config that runs is
// looked at every few seconds anyway: only those are named for whom it is the news that they wait for.
import type { KubernetesObject, V1Node, V1Service } from '@kubernetes/client-node';
import { addressInService } from '../api/addresses.ts';
import { effectiveClass } from '../api/defaults.ts';
import type { KubeVipConfig } from '../api/types.ts';
import { claimsOfService } from '../observed/services.ts';

const has = ({ status }: KubeVipConfig, type: string, wanted: (status: string, reason: string) => boolean) =>
  status?.conditions?.some((row) => row.type === type && wanted(row.status, row.reason)) ?? false;

/** Preflight holds something of it back: any fact may be the one that it waits for. */
const isHeldBack = (config: KubeVipConfig): boolean =>
  has(config, 'PreflightPassed', (status) => status !== 'True');

const waitsForService = (config: KubeVipConfig): boolean =>
  has(config, 'Accepted', (status, reason) => status === 'False' && reason === 'ServiceConflict') ||
  has(config, 'DuplicateOwner', (status) => status === 'True') ||
  isHeldBack(config);

const wants = ({ spec }: KubeVipConfig, addresses: ReadonlySet<string | undefined>): boolean =>
  spec.controlPlane?.addresses.some((address) => addresses.has(address)) ?? false;

/** A test of a config: may a change of this Service change a decision about it? */
export function concernedByService(object: KubernetesObject): (config: KubeVipConfig) => boolean {
  const service = object as V1Service;
  const addresses = new Set(claimsOfService(service).map(({ address }) => address));
  const { loadBalancerClass } = service.spec ?? {};
  return (config) =>
    (loadBalancerClass !== undefined && effectiveClass(config) === loadBalancerClass) ||
    wants(config, addresses) ||
    waitsForService(config);
}

/** A test of a config: may a change of this node change a decision about it? */
export function concernedByNode(object: KubernetesObject): (config: KubeVipConfig) => boolean {
  const addresses = new Set(
    (object as V1Node).status?.addresses?.map(({ address }) => addressInService(address)),
  );
  return (config) => wants(config, addresses) || isHeldBack(config);
}
