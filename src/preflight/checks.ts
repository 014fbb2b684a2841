// Every preflight check. A new one is a row in one of these tables; docs/preflight.md is made of them.
import type { Check } from './checks/check.ts';
import { acknowledgementChecks } from './checks/acknowledgement.ts';
import { addressChecks } from './checks/addresses.ts';
import { ciliumChecks } from './checks/cilium.ts';
import { controlPlaneChecks } from './checks/control-plane.ts';
import { foreignKubeVipChecks } from './checks/foreign-kube-vip.ts';
import { kubeProxyChecks } from './checks/kube-proxy.ts';
import { namespaceChecks } from './checks/namespace.ts';
import { nodeRows } from './checks/nodes.ts';
import { neighbourChecks } from './checks/neighbours.ts';
import { poolAddressChecks } from './checks/pool-addresses.ts';
import { placementChecks } from './checks/placement.ts';
import { placementOfServicesChecks } from './checks/placement-of-services.ts';
import { poolChecks } from './checks/pools.ts';
import { serviceChecks } from './checks/services.ts';
import { unknownChecks } from './checks/unknown.ts';

/** In the order in which they are run and documented. What is acknowledged is looked at last: it names the others. */
const others: readonly Check[] = [
  ...addressChecks,
  ...serviceChecks,
  ...poolChecks,
  ...poolAddressChecks,
  ...foreignKubeVipChecks,
  ...neighbourChecks,
  ...kubeProxyChecks,
  ...ciliumChecks,
  ...placementChecks,
  ...placementOfServicesChecks,
  ...controlPlaneChecks,
  ...namespaceChecks,
  ...unknownChecks,
  ...nodeRows,
];

/** Every preflight check, in the order in which they are run and documented. */
export const checks: readonly Check[] = [...others, ...acknowledgementChecks(others)];
