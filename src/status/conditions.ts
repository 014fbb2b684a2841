// One function per condition. Accepted, PreflightPassed, Programmed and Ready are always there; the others only while true.
import type { EffectiveSpec } from '../api/defaults.ts';
import { labels } from '../api/metadata.ts';
import { list, message } from '../api/words.ts';
import type { Snapshot } from '../observed/snapshot.ts';
import type { Plan } from '../steps/step.ts';
import { duplicateOwner } from './duplicate-owner.ts';
import type { ConditionInput } from './input.ts';
import { knownHazard } from './known-hazard.ts';
import { kstatus } from './kstatus.ts';
import { preflightPassed } from './preflight.ts';
import { programmed } from './programmed.ts';
import { ready } from './ready.ts';
import type { NewCondition } from './set-condition.ts';
import { drifted, suspended } from './suspended.ts';

const accepted = ({ rejection }: Plan): NewCondition =>
  rejection
    ? { ...rejection, type: 'Accepted', status: 'False' }
    : { type: 'Accepted', status: 'True', reason: 'Accepted', head: 'The spec is accepted' };

function pinUnverified({ image }: EffectiveSpec): NewCondition | undefined {
  return image.digest === undefined
    ? undefined
    : {
        type: 'PinUnverified',
        status: 'True',
        reason: 'DigestFromSpec',
        ...message('spec.image.digest replaces the digest of the catalogue', {
          detail: `Its digest is ${image.digest}`,
          todo: 'make sure that it is kube-vip',
        }),
      };
}

function unguarded({ openNamespaces }: Snapshot): NewCondition | undefined {
  const names = [...openNamespaces].sort();
  const head = 'An unsafe kube-vip is let through in';
  return names.length === 0
    ? undefined
    : {
        type: 'Unguarded',
        status: 'True',
        reason: 'NamespaceOptedOut',
        ...message(
          [
            `${head} namespace ${names.join(', ')}`,
            `${head} namespace ${list(names, 1)}`,
            `${head} ${names.length} namespaces`,
          ],
          { todo: `remove the label ${labels.unsafe} there when it is no longer needed` },
        ),
      };
}

/** Every condition of a config, in the order in which they are stored. */
export function computeConditions(input: ConditionInput): readonly NewCondition[] {
  const { plan, report, observed, components } = input;
  return [
    ready(input),
    accepted(plan),
    preflightPassed(report, plan),
    programmed(input),
    kstatus(input),
    suspended(plan),
    drifted(plan),
    pinUnverified(observed.spec),
    duplicateOwner(observed, components),
    unguarded(observed.snapshot),
    knownHazard(observed.spec),
  ].filter((row) => row !== undefined);
}
