// Which Lease another kube-vip holds for a function, release by release. With a token it knows the namespace of its pod,
// and uses that sometimes; what it is told as cp_namespace is `told`.
import type { ComponentKind } from '../../api/metadata.ts';
import { effectiveOf, isOn, isSince, versionOf } from './kube-vip-settings.ts';
import type { Workload } from './survey.ts';

const variableOf: Readonly<Record<ComponentKind, string>> = {
  'control-plane': 'vip_leasename',
  services: 'svc_leasename',
};

// Under ARP before v1.0.4 Services follow a control plane of the same process (pkg/manager/manager_arp.go@v0.7.2).
const followsControlPlane = (workload: Workload): boolean =>
  isOn(workload, 'vip_arp') && isOn(workload, 'cp_enable') && !isSince(workload, '1.0.4');

// Before v1.1.0: run.config.Namespace in pkg/cluster/clusterLeaderElection.go@v0.9.2. From there on: NamespaceName in
// pkg/lease/lease.go@v1.1.2. The kubelet gives a static pod no token.
function isTold(workload: Workload, component: ComponentKind): boolean {
  if (workload.isStatic) {
    return true;
  }
  return component === 'control-plane' ? !isSince(workload, '1.1.0') : followsControlPlane(workload);
}

/** For example `kube-system/plndr-cp-lock`; the name alone where an image that hides its release leaves the rest open. */
export function leaseOf(workload: Workload, component: ComponentKind): string {
  const name = effectiveOf(workload, variableOf[component]);
  const hasNamespace =
    name.includes('/') && (versionOf(workload) === undefined || isSince(workload, '1.1.0'));
  if (hasNamespace || (versionOf(workload) === undefined && !workload.isStatic)) {
    return name;
  }
  return `${isTold(workload, component) ? effectiveOf(workload, 'cp_namespace') : workload.namespace}/${name}`;
}
