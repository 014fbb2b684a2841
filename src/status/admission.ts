// What the API server stores otherwise than the operator asks: a person must look at what changes it on admission.
import { systemNamespace } from '../api/metadata.ts';
import { clip, list, message, sentences, type Message } from '../api/words.ts';
import { together, type Problem } from '../modes/check.ts';
import { nameOf } from '../observed/pods.ts';
import type { AdmissionChange } from '../plan/admission.ts';
import { changedOnAdmissionIn, type Plan } from '../plan/plan.ts';

const longestValue = 120;

function say(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return value === undefined ? 'nothing' : clip(text, longestValue);
}

const sayChange = ({ path, asked, found }: AdmissionChange): string =>
  `Expected ${path} to be ${say(asked)}, found ${say(found)}`;

const shortPath = ({ path }: AdmissionChange): string => path.replace(/^spec\.(template\.(spec\.)?)?/, '');

const todo = sentences(
  `make the webhook or policy leave out DaemonSets of namespace ${systemNamespace}: see kubectl get mutatingwebhookconfigurations,mutatingadmissionpolicies`,
  'The operator tries again every minute',
);

function sayChanges(name: string, [first, ...others]: readonly AdmissionChange[]): Message {
  const detail = sentences(
    first && sayChange(first),
    others.length > 0 ? `Also changed: ${list(others.map(shortPath))}` : undefined,
  );
  const heads = [
    ...(first ? [`DaemonSet ${name}: ${shortPath(first)} is changed on admission`] : []),
    `DaemonSet ${name} is changed on admission`,
  ];
  return message([heads[0] ?? '', ...heads.slice(1)], { detail, todo });
}

/** What is changed on admission of what should exist, and is not harmless; undefined: nothing. */
export const changedOnAdmission = (plan: Plan): Problem | undefined =>
  together(
    changedOnAdmissionIn(plan).map(({ object, changes }) => ({
      reason: 'ChangedOnAdmission',
      passing: false,
      ...sayChanges(nameOf(object), changes),
    })),
  );
