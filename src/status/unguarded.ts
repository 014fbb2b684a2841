// Present while something keeps the admission policies from refusing what they are for.
import { labels } from '../api/metadata.ts';
import { list, message, toText, type Message } from '../api/words.ts';
import type { Snapshot } from '../observed/snapshot.ts';
import type { NewCondition } from './set-condition.ts';

const sayMissing = (names: readonly string[]): Message =>
  message(
    [
      `Admission policies are not in force: ${list(names)}`,
      `${names.length} admission policies are not in force, for example ${list(names, 1)}`,
      `${names.length} admission policies are not in force`,
    ],
    { detail: 'Expected all to refuse', todo: 'run kubectl apply -k config/admission' },
  );

function sayOpen(names: readonly string[]): Message {
  const head = 'An unsafe kube-vip is let through in';
  return message(
    [
      `${head} namespace ${names.join(', ')}`,
      `${head} namespace ${list(names, 1)}`,
      `${head} ${names.length} namespaces`,
    ],
    { todo: `remove the label ${labels.unsafe} there when it is no longer needed` },
  );
}

/** Unguarded, or undefined while every policy stands and no namespace is opted out. */
export function unguarded({ openNamespaces, missingPolicies }: Snapshot): NewCondition | undefined {
  const open = openNamespaces.length > 0 ? sayOpen([...openNamespaces].sort()) : undefined;
  const base = { type: 'Unguarded', status: 'True' } as const;
  if (missingPolicies.length === 0) {
    return open && { ...base, reason: 'NamespaceOptedOut', ...open };
  }
  return {
    ...base,
    reason: 'PolicyMissing',
    ...sayMissing(missingPolicies),
    ...(open && { also: toText(open) }),
  };
}
