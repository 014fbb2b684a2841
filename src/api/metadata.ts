// Every name that this operator writes into a cluster: group, labels, annotations, finalizer, managers.

export const group = 'kubevip.dev';
export const apiVersion = 'kubevip.dev/v1alpha1';
export const kind = 'KubeVipConfig';
export const plural = 'kubevipconfigs';

/** The one namespace of the operator and of all operands. */
export const operandNamespace = 'kube-vip-system';

/** Server-side apply field manager of every object that the operator renders. */
export const fieldManager = 'kube-vip-operator';

/** Held until the operand's pods are gone and with them the addresses. */
export const finalizer = 'kubevip.dev/operands';

/** The two halves of kube-vip. They never share a process. */
export const operandFunctions = ['control-plane', 'services'] as const;
export type OperandFunction = (typeof operandFunctions)[number];

export const labels = {
  managedBy: 'app.kubernetes.io/managed-by',
  appName: 'app.kubernetes.io/name',
  component: 'app.kubernetes.io/component',
  /** Name of the KubeVipConfig that an operand belongs to. */
  config: 'kubevip.dev/config',
  /** On a Namespace: what config/admission would refuse there is let through. */
  unsafe: 'kubevip.dev/unsafe-kube-vip',
} as const;

export const annotations = {
  /** Hash of the object as rendered: tells a change of ours from drift. */
  renderedHash: 'kubevip.dev/rendered-hash',
} as const;

/** Name of the DaemonSet, and of the Lease, of one function of a config. */
export function operandName(config: string, operand: OperandFunction): string {
  return `${config}-${operand}`;
}

/** The config that a DaemonSet or Lease of this name belongs to: names, unlike labels, cannot be edited. */
export function configOfOperand(name: string): string | undefined {
  const operand = operandFunctions.find((row) => name.endsWith(`-${row}`));
  return operand && name.slice(0, -operand.length - 1);
}

/** Value of {@link labels.unsafe} that opts a namespace out. */
export const unsafeValue = 'allowed';

/** Value of {@link labels.managedBy} on everything that the operator created. */
export const managedByValue = 'kube-vip-operator';
