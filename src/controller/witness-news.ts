// Which addresses a witness says something new about. It writes every five seconds, and mostly the same.
import type { KubernetesObject } from '@kubernetes/client-node';
import type { LeaseObject } from '../cluster/lease-store.ts';
import { answeringIn } from '../cluster/witness-view.ts';
import { orphansGroup, type Answers, type GroupAnswer, type OwnerSeen } from '../witness/contract.ts';

/** The news of one Lease of a witness. */
export interface WitnessNews {
  /** Control-plane addresses and classes of which it says something else than before. */
  readonly about: readonly string[];
  /** It says something else of addresses that nothing claims, or can no longer ask, or can again. */
  readonly isAboutAll: boolean;
}

const macsOf = (owners: readonly OwnerSeen[]): string =>
  owners.map(({ mac, self }) => `${mac}${self ? ' self' : ''}`).join(' ');

// While there is not one owner, the time goes on that decides: each word is new.
const controlMark = (owners: readonly OwnerSeen[], seq: number): string =>
  owners.length === 1 ? macsOf(owners) : `${macsOf(owners)} ${seq}`;

const groupMark = ({ owners, odd, more }: GroupAnswer, seq: number): string =>
  `${owners.map(({ mac }) => mac).join(' ')} ${odd.length + more === 0 ? '' : seq}`;

function marksOf({ control, groups, seq }: Answers): ReadonlyMap<string, string> {
  return new Map([
    ...control.map(({ address, owners }) => [address, controlMark(owners, seq)] as const),
    ...groups.map((group) => [group.name, groupMark(group, seq)] as const),
  ]);
}

const none: ReadonlyMap<string, string> = new Map();

/** Remembers what each witness said last. */
export function makeWitnessNews(): (object: KubernetesObject) => WitnessNews | undefined {
  const said = new Map<string, { readonly marks: ReadonlyMap<string, string>; readonly trouble: string }>();
  return (object) => {
    const answering = answeringIn(object as unknown as LeaseObject);
    if (answering === undefined) {
      return undefined;
    }
    const { segment, node, answers } = answering;
    const key = `${segment}.${node}`;
    const before = said.get(key);
    const next = { marks: answers ? marksOf(answers) : none, trouble: answers?.trouble ?? 'no answers' };
    said.set(key, next);
    const names = [...new Set([...next.marks.keys(), ...(before?.marks.keys() ?? [])])];
    const about = names.filter((name) => next.marks.get(name) !== before?.marks.get(name));
    return {
      about: about.filter((name) => name !== orphansGroup),
      isAboutAll: next.trouble !== before?.trouble || about.includes(orphansGroup),
    };
  };
}
