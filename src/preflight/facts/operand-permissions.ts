// What the accounts of kube-vip must be allowed, so that it can be asked for; config/rbac/operand-*.yaml grants
// exactly this, and a test holds both against each other.
import { operandNamespace, type OperandFunction } from '../../api/metadata.ts';

export interface Permission {
  readonly operand: OperandFunction;
  /** Empty: the whole cluster. */
  readonly namespace: string;
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
}

const leases = (operand: OperandFunction): Permission => ({
  operand,
  namespace: operandNamespace,
  group: 'coordination.k8s.io',
  resource: 'leases',
  verbs: ['get', 'create', 'update'],
});

const everywhere = (group: string, resource: string, verbs: readonly string[]): Permission => ({
  operand: 'services',
  namespace: '',
  group,
  resource,
  verbs,
});

export const operandPermissions: readonly Permission[] = [
  leases('control-plane'),
  leases('services'),
  everywhere('', 'services', ['get', 'list', 'watch', 'update']),
  everywhere('', 'services/status', ['update']),
  everywhere('discovery.k8s.io', 'endpointslices', ['get', 'list', 'watch']),
  everywhere('', 'endpoints', ['get', 'list', 'watch']),
];
