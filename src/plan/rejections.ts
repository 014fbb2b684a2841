// Why a spec is not accepted, in words.
import { message, sentences, toText } from '../api/words.ts';
import type { Conflict } from '../observed/claims.ts';
import { metricsPorts } from '../observed/metrics-ports.ts';
import type { ServiceClaim } from '../observed/services.ts';
import type { Rejection } from '../steps/step.ts';

const conflicting = {
  address: { reason: 'AddressConflict', field: 'spec.controlPlane.addresses', what: 'address' },
  class: { reason: 'ClassConflict', field: 'spec.services.loadBalancerClass', what: 'class' },
} as const;

function sayConflict({ kind, value, owner }: Conflict): Rejection {
  const { reason, field, what } = conflicting[kind];
  return {
    reason,
    ...message(
      [`${field}: ${value} belongs to KubeVipConfig ${owner}`, `${field} belongs to KubeVipConfig ${owner}`],
      {
        detail: `Expected ${what === 'class' ? 'a' : 'an'} ${what} that no other KubeVipConfig has, found ${value}`,
        todo: `change it here or delete KubeVipConfig ${owner}`,
      },
    ),
  };
}

/** Another KubeVipConfig has what the spec asks for. */
export function conflictRejection([first, ...others]: readonly [Conflict, ...Conflict[]]): Rejection {
  return { ...sayConflict(first), also: sentences(...others.map((row) => toText(sayConflict(row)))) };
}

/** The stored spec breaks rules of this operator. */
export function invalidRejection([first = '', ...others]: readonly string[]): Rejection {
  const [finding = '', ...todo] = first.split('; ');
  const [, field = finding] = /^([^\s:]+): /.exec(finding) ?? [];
  return {
    reason: 'SpecInvalid',
    ...message([finding, `${field} breaks a rule of this operator`], {
      todo: todo.join('; '),
      also: sentences(...others),
    }),
  };
}

/** A Service has a control-plane address of the spec. */
export const serviceRejection = ({ address, service, field }: ServiceClaim): Rejection => ({
  reason: 'ServiceConflict',
  ...message(
    [
      `spec.controlPlane.addresses: ${address} belongs to Service ${service}`,
      `spec.controlPlane.addresses: ${address} belongs to a Service`,
    ],
    {
      detail: `Expected an address that no Service has, found ${address}, which Service ${service} has in ${field}`,
      todo: 'give the Service another address, or delete the KubeVipConfig and create one with a free address',
    },
  ),
});

/** Every port for metrics is taken. */
export const noPortLeft: Rejection = {
  reason: 'MetricsPortsExhausted',
  ...message('No metrics port is free', {
    detail: `Expected one from ${metricsPorts.first} to ${metricsPorts.last} for each DaemonSet, found every one taken`,
    todo: 'delete a KubeVipConfig that is not needed',
  }),
};

/** A DaemonSet of a name that is needed was made by something else. */
export const strangerRejection = (namespace: string, name: string): Rejection => ({
  reason: 'ObjectNotOwned',
  ...message([`DaemonSet ${namespace}/${name} is not of this operator`, `DaemonSet ${name} is not ours`], {
    detail: 'Expected one that this operator made, found one without its label and without its owner',
    todo: `delete or rename DaemonSet ${namespace}/${name}`,
  }),
});
