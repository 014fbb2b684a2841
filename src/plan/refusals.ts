// Why nothing may be rendered for a spec: an ordered list, the first that applies is said.
import { validate } from '../catalog/validation.ts';
import type { Conflict } from '../observed/claims.ts';
import { noPortLeft } from '../observed/metrics-ports.ts';
import type { Observed } from '../observed/observed.ts';
import { isTerminating } from '../observed/pods.ts';
import type { Rejection } from '../steps/step.ts';
import { portsFor } from './rendering.ts';

type Refusal = (observed: Observed) => Rejection | undefined;

const conflictReasons = { address: 'AddressConflict', class: 'ClassConflict' } as const;
const conflictFields = {
  address: 'spec.controlPlane.addresses',
  class: 'spec.services.loadBalancerClass',
} as const;

function sayConflict({ kind, value, owner }: Conflict): string {
  return `${conflictFields[kind]}: expected one that no other KubeVipConfig has, found ${value}, which belongs to KubeVipConfig ${owner}; change it here or delete ${owner}`;
}

const breaksRule: Refusal = ({ snapshot: { config } }) => {
  const complaints = validate(config);
  return complaints.length === 0 ? undefined : { reason: 'SpecInvalid', message: complaints.join('; ') };
};

const isContested: Refusal = ({ conflicts }) => {
  const [first] = conflicts;
  return first && { reason: conflictReasons[first.kind], message: conflicts.map(sayConflict).join('; ') };
};

const serviceHasAddress: Refusal = (observed) => {
  const { owned, recorded } = observed.components['control-plane'];
  // One that somebody deleted had the address before any Service did.
  const wasThere = (owned && !isTerminating(owned)) || recorded.length > 0;
  const [claim] = wasThere ? [] : observed.servicesWithVip;
  return (
    claim && {
      reason: 'ServiceConflict',
      message: `spec.controlPlane.addresses: expected one that no Service has, found ${claim.address}, which Service ${claim.service} has in ${claim.field}; give the Service another address, or delete the KubeVipConfig and create one with a free address`,
    }
  );
};

const hasNoPort: Refusal = (observed) =>
  Object.values(portsFor(observed)).some((choices) => choices.length === 0)
    ? { reason: 'MetricsPortsExhausted', message: noPortLeft }
    : undefined;

const nameIsTaken: Refusal = ({ asked, snapshot: { namespace } }) => {
  const stranger = asked.find(({ daemonSet, owned }) => daemonSet !== undefined && owned === undefined);
  return (
    stranger && {
      reason: 'ObjectNotOwned',
      message: `DaemonSet ${namespace}/${stranger.name}: expected one made by this operator, found another's; delete or rename it`,
    }
  );
};

/** In this order: what is wrong with the spec itself comes before what it meets in the cluster. */
const refusals: readonly { readonly find: Refusal; readonly because: string }[] = [
  { find: breaksRule, because: 'A spec that breaks a rule cannot be rendered safely, whoever stored it.' },
  { find: isContested, because: 'An address or class has one KubeVipConfig.' },
  {
    find: serviceHasAddress,
    because:
      'A Service had the address first. One that takes an address which runs is reported, since to give it up would cut everybody off from the API servers.',
  },
  { find: hasNoPort, because: 'Two kube-vip on one node cannot share a port.' },
  { find: nameIsTaken, because: 'What another made is not ours to change.' },
];

/** Why nothing may be rendered, or undefined. */
export function refusalOf(observed: Observed): Rejection | undefined {
  for (const { find } of refusals) {
    const rejection = find(observed);
    if (rejection) {
      return rejection;
    }
  }
  return undefined;
}
