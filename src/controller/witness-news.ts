// Which addresses a witness says something new about. It writes every five seconds, and mostly the same.
import type { KubernetesObject } from '@kubernetes/client-node';
import type { ClusterView } from '../cluster/cluster.ts';
import type { LeaseObject } from '../cluster/lease-store.ts';
import { answeringIn, type Answering } from '../cluster/witness-view.ts';
import { nameOf } from '../observed/pods.ts';
import { silentAfterMs } from '../observed/witness/witnessed.ts';
import {
  orphansGroup,
  type Answers,
  type ControlAnswer,
  type GroupAnswer,
  type OddAnswer,
  type OwnerSeen,
} from '../witness/contract.ts';

/** The news of one Lease of a witness. */
export interface WitnessNews {
  /** Control-plane addresses and classes of which it says something else than before. */
  readonly about: readonly string[];
  /** It says something else of addresses that nothing claims, or can no longer ask, or can again. */
  readonly isAboutAll: boolean;
}

// What has just changed is judged by how long it lasts: each word is new until that is certain.
const freshMs = 30_000;

const macsOf = (owners: readonly OwnerSeen[]): string =>
  owners.map(({ mac, self }) => `${mac}${self ? ' self' : ''}`).join(' ');

/** What is said of one address that is not as it should be, with the number of the words while it is fresh. */
function oddMark(
  { address, owners, silentSince }: ControlAnswer | OddAnswer,
  { at, seq }: Answers,
  roundMs = 0,
): string {
  const last = Math.max(...owners.map(({ since }) => since), silentSince ?? -Infinity);
  const isFresh = at - last < Math.max(freshMs, 3 * roundMs);
  return `${address} ${macsOf(owners)} ${silentSince !== undefined} ${isFresh ? seq : ''}`;
}

const controlMark = (row: ControlAnswer, answers: Answers): string =>
  row.owners.length === 1 ? macsOf(row.owners) : oddMark(row, answers);

const groupMark = ({ owners, odd, more, roundMs }: GroupAnswer, answers: Answers): string =>
  [owners.map(({ mac }) => mac).join(' '), more, ...odd.map((row) => oddMark(row, answers, roundMs))].join(
    '\n',
  );

const marksOf = (answers: Answers): ReadonlyMap<string, string> =>
  new Map([
    ...answers.control.map((row) => [row.address, controlMark(row, answers)] as const),
    ...answers.groups.map((row) => [row.name, groupMark(row, answers)] as const),
  ]);

interface Words {
  readonly marks: ReadonlyMap<string, string>;
  /** What all its words depend on. */
  readonly frame: string;
  /** When they were renewed, as its Lease has it. */
  readonly renewTime: string;
  /** When that was seen, by the steady clock. */
  readonly at: number;
}

const silence: Pick<Words, 'marks' | 'frame'> = { marks: new Map(), frame: 'no answers' };

const wordsIn = ({ answers }: Answering): Pick<Words, 'marks' | 'frame'> =>
  answers === undefined
    ? silence
    : {
        marks: marksOf(answers),
        frame: JSON.stringify([answers.trouble, answers.missing, answers.revision]),
      };

function newsIn(before: Words | undefined, next: Words): WitnessNews {
  const names = [...new Set([...next.marks.keys(), ...(before?.marks.keys() ?? [])])];
  const about = names.filter((name) => next.marks.get(name) !== before?.marks.get(name));
  // It counted as silent meanwhile, and nothing that it had said before as known.
  const wasSilent = next.at - (before?.at ?? -Infinity) > silentAfterMs;
  return {
    about: about.filter((name) => name !== orphansGroup),
    isAboutAll: wasSilent || next.frame !== before?.frame || about.includes(orphansGroup),
  };
}

/**
 * Remembers what each witness said last; undefined: the object is no Lease of a witness.
 * @param steady Milliseconds, never going back.
 */
export function makeWitnessNews(
  view: Pick<ClusterView, 'lease'>,
  steady: () => number,
): (object: KubernetesObject) => WitnessNews | undefined {
  const said = new Map<string, Words>();
  return (object) => {
    const lease = object as unknown as LeaseObject;
    const answering = answeringIn(lease);
    if (answering === undefined) {
      return undefined;
    }
    const name = nameOf(object);
    if (view.lease(name) === undefined) {
      said.delete(name);
      return { about: [], isAboutAll: true };
    }
    const before = said.get(name);
    const renewTime = lease.spec?.renewTime ?? '';
    const at = before?.renewTime === renewTime ? before.at : steady();
    const next = { ...wordsIn(answering), renewTime, at };
    said.set(name, next);
    return newsIn(before, next);
  };
}
