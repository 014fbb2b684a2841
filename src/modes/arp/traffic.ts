// Whether a held address carries traffic: who holds it, and what the operator hears there.
import { message, sentences, type Message } from '../../api/words.ts';
import type { Component } from '../../observed/component.ts';
import { isNode } from '../../observed/pods.ts';
import type { AddressState } from '../../observed/snapshot.ts';
import type { Check } from '../../modes/check.ts';
import { isProvenAlone, sayNetwork } from './network.ts';
import { unheardFormerHolders } from './two-owners.ts';

const placeOf = ({ address, port }: AddressState): string =>
  `${address.includes(':') ? `[${address}]` : address}:${port}`;
const found = (component: Component, ...kinds: readonly AddressState['state'][]): AddressState | undefined =>
  component.reach?.find((row) => kinds.includes(row.state));

const nextStep = (holder: string) =>
  ({
    Local: `look at the API server of ${holder}. kube-vip there gives the address up within a lease duration once it cannot reach it`,
    Service: `mend that API server, delete the pod of ${holder}, or set spec.controlPlane.apiAccess: Local. With apiAccess: Service the address stays there and leads to a dead API server`,
  }) as const;

/** The address leads to a node, and no API server works there. */
export const apiServerIsDead: Check = (component) => {
  const dead = found(component, 'dead');
  const { holder, apiAccess } = component;
  return (
    dead && {
      reason: 'ApiServerDead',
      passing: true,
      ...message(
        [
          `${dead.address}: the API server on ${holder} is dead`,
          `The API server on ${holder} is dead`,
          `The API server at ${dead.address} is dead`,
        ],
        {
          detail: `Expected a live API server at ${placeOf(dead)}, found that ${dead.detail}`,
          todo: nextStep(holder)[apiAccess],
        },
      ),
    }
  );
};

/** Held, by all that the API server knows, and without an answer. */
export const addressIsSilent: Check = (component) => {
  const silent = found(component, 'silent');
  const { holder, operatorNode = '' } = component;
  const blame = isNode(holder, operatorNode)
    ? 'The operator runs there itself, so the address is not on it'
    : `Either the address is not on it, or the network between the operator${operatorNode && ` on ${operatorNode}`} and it is broken`;
  return (
    silent && {
      reason: 'AddressSilent',
      passing: true,
      ...message(
        [
          `${silent.address}: no answer, though ${holder} holds the Lease`,
          `No answer, though ${holder} holds the Lease`,
          `No answer at ${placeOf(silent)}`,
        ],
        {
          detail: sentences(
            `Expected an answer at ${placeOf(silent)}, found none (${silent.detail})`,
            `${holder} renews the Lease and its pod is ready`,
            blame,
          ),
          todo: `look for the address on ${holder} (ip address show) and at the log of its kube-vip pod`,
        },
      ),
    }
  );
};

/** Just taken: the first answer is still to come. What was ready stays so meanwhile. */
export const addressIsUnproven: Check = (component) => {
  const unknown = component.wasReady ? undefined : found(component, 'unknown');
  return (
    unknown && {
      reason: 'AddressUnproven',
      passing: true,
      ...message(
        [
          `${unknown.address}: held by ${component.holder}, waiting for the first answer`,
          `${unknown.address}: waiting for the first answer`,
        ],
        { detail: `The operator asks at ${placeOf(unknown)}` },
      ),
    }
  );
};

/** What the operator could not prove of a component that is held, in sentences. */
function doubtOf(component: Component): string | undefined {
  const { holder, operatorNode, reach = [] } = component;
  const blind = found(component, 'blind');
  if (blind) {
    return `The operator cannot tell whether ${blind.address} answers: ${blind.detail}`;
  }
  // A witness that hears the holder is the proof.
  const isSame = operatorNode !== undefined && isNode(holder, operatorNode) && !isProvenAlone(component);
  return isSame && reach.length > 0
    ? `The operator asks from ${operatorNode} itself, which is no proof of the network`
    : undefined;
}

const sayUnheard = ({ holds }: Component, node: string): string =>
  `${node} held ${holds} before and does not report. Make sure that it is off or has lost the address`;

/** For example `203.0.113.100 on n1`, and what the operator could not prove of it. */
export function sayHeld(component: Component): Required<Pick<Message, 'head' | 'detail'>> {
  const { holds, holder } = component;
  return {
    head: `${holds} on ${holder}`,
    detail: sentences(
      ...unheardFormerHolders(component).map((node) => sayUnheard(component, node)),
      doubtOf(component),
      sayNetwork(component),
    ),
  };
}
