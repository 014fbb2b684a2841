// Why nothing may be rendered for a spec: an ordered list, the first that applies is said.
import { validate } from '../catalog/validation.ts';
import type { Observed } from '../observed/observed.ts';
import { isTerminating } from '../observed/pods.ts';
import type { Rejection } from '../steps/step.ts';
import {
  conflictRejection,
  invalidRejection,
  noPortLeft,
  serviceRejection,
  strangerRejection,
} from './rejections.ts';
import { portsFor } from './rendering.ts';

type Refusal = (observed: Observed) => Rejection | undefined;

const breaksRule: Refusal = ({ snapshot: { config } }) => {
  // As an edit that leaves everything as it is: what the API server lets stay is no reason to refuse either.
  const errors = validate(config, config);
  return errors.length === 0 ? undefined : invalidRejection(errors.map(({ message }) => message));
};

const isContested: Refusal = ({ conflicts }) => {
  const [first, ...others] = conflicts;
  return first && conflictRejection([first, ...others]);
};

const serviceHasAddress: Refusal = (observed) => {
  const { owned, recorded } = observed.components['control-plane'];
  // One that was deleted by hand had the address before any Service did.
  const wasThere = (owned && !isTerminating(owned)) || recorded.length > 0;
  const [claim] = wasThere ? [] : observed.servicesWithVip;
  return claim && serviceRejection(claim);
};

const hasNoPort: Refusal = (observed) =>
  Object.values(portsFor(observed)).some((choices) => choices.length === 0) ? noPortLeft : undefined;

const nameIsTaken: Refusal = ({ asked, snapshot: { namespace } }) => {
  const stranger = asked.find(({ daemonSet, owned }) => daemonSet !== undefined && owned === undefined);
  return stranger && strangerRejection(namespace, stranger.name);
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
