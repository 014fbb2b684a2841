// What the accounts of kube-vip must be allowed, so that it can be asked for; config/rbac/operand-*.yaml grants
// exactly this, and a test holds both against each other.
import { systemNamespace, type ComponentKind } from '../api/metadata.ts';

/** Verbs that one component of kube-vip needs on one resource. */
export interface Permission {
  readonly component: ComponentKind;
  /** Empty: the whole cluster. */
  readonly namespace: string;
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
}

const leases = (component: ComponentKind): Permission => ({
  component,
  namespace: systemNamespace,
  group: 'coordination.k8s.io',
  resource: 'leases',
  verbs: ['get', 'create', 'update'],
});

const everywhere = (group: string, resource: string, verbs: readonly string[]): Permission => ({
  component: 'services',
  namespace: '',
  group,
  resource,
  verbs,
});

/** All that the two accounts of kube-vip may do, for every release that can be chosen. */
export const componentPermissions: readonly Permission[] = [
  leases('control-plane'),
  leases('services'),
  everywhere('', 'services', ['get', 'list', 'watch', 'update']),
  everywhere('', 'services/status', ['update']),
  everywhere('discovery.k8s.io', 'endpointslices', ['get', 'list', 'watch']),
  everywhere('', 'endpoints', ['get', 'list', 'watch']),
];
