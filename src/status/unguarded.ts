// Present while something keeps the admission policies from refusing what they are for.
import { labels } from '../api/metadata.ts';
import type { Snapshot } from '../observed/snapshot.ts';
import type { NewCondition } from './set-condition.ts';

const shown = 3;

function sayMissing(names: readonly string[]): string {
  const rest = names.length > shown ? ` and ${names.length - shown} more` : '';
  const what = names.slice(0, shown).join(', ') + rest;
  return `Admission policies: expected all to refuse, found none in force for ${what}; kubectl apply -k config/admission.`;
}

const sayOpen = (names: readonly string[]): string =>
  `An unsafe kube-vip is let through in namespace ${[...names].sort().join(', ')}; remove the label ${labels.unsafe} there when it is no longer needed.`;

/** Unguarded, or undefined while every policy stands and no namespace is opted out. */
export function unguarded({ openNamespaces, missingPolicies }: Snapshot): NewCondition | undefined {
  const sentences = [
    ...(missingPolicies.length > 0 ? [sayMissing(missingPolicies)] : []),
    ...(openNamespaces.length > 0 ? [sayOpen(openNamespaces)] : []),
  ];
  return sentences.length === 0
    ? undefined
    : {
        type: 'Unguarded',
        status: 'True',
        reason: missingPolicies.length > 0 ? 'PolicyMissing' : 'NamespaceOptedOut',
        message: sentences.join(' '),
      };
}
