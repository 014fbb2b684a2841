// That an acknowledgement names a warning, and an override a check that blocks. A misspelt one would be taken for given.
import { annotations } from '../../api/metadata.ts';
import { itemsOf } from '../../api/words.ts';
import { heldBack, type Check, type Facts, type Finding } from './check.ts';

type Metadata = Facts['snapshot']['config']['metadata'];

/** Ids of checks in an annotation of a config. */
export function idsIn(metadata: Metadata, annotation: string): readonly string[] {
  return itemsOf(metadata.annotations?.[annotation]);
}

type Judge = (id: string, facts: Facts) => string | undefined;

function misnamed(annotation: string, verb: string, what: string, judge: Judge) {
  return (facts: Facts): readonly Finding[] => {
    const { metadata } = facts.snapshot.config;
    return idsIn(metadata, annotation)
      .map((id) => judge(id, facts))
      .filter((found) => found !== undefined)
      .map((found) => ({
        object: `KubeVipConfig/${metadata.name}`,
        found: `${verb} ${found}`,
        expected: `ids of ${what} in annotation ${annotation}`,
      }));
  };
}

// What a tenant can cause blocks a start and warns of what runs: then it can be acknowledged.
const warnsNow = (check: Check, facts: Facts): boolean =>
  heldBack(check, facts).length === 0 || check.find(facts).some(({ onlyWarns }) => onlyWarns);

/**
 * The checks of the acknowledgements and overrides of a config.
 * @param checks Those that can be named.
 */
export function acknowledgementChecks(checks: readonly Check[]): readonly Check[] {
  const remedy = 'correct the annotation. docs/preflight.md lists the ids';
  const ifKnown =
    (isWrong: (check: Check, facts: Facts) => boolean, but: string): Judge =>
    (id, facts) => {
      const check = checks.find((row) => row.id === id);
      if (check === undefined) {
        return `${id.slice(0, 40)}, which is no check`;
      }
      return isWrong(check, facts) ? `${id}, ${but}` : undefined;
    };
  const blocks = ifKnown((check, facts) => !warnsNow(check, facts), 'which blocks');
  const holdsNothing = ifKnown(({ severity }) => severity === 'warns', 'which holds nothing back');
  return [
    {
      id: 'acknowledgement-is-known',
      question: `Does the annotation ${annotations.acknowledge} name warnings only?`,
      severity: 'warns',
      find: misnamed(annotations.acknowledge, 'acknowledges', 'warnings', blocks),
      remedy: `${remedy}. Only an administrator lets a check pass that blocks, by annotation ${annotations.override}`,
      links: [],
    },
    {
      id: 'override-is-known',
      question: `Does the annotation ${annotations.override} name checks that block?`,
      severity: 'warns',
      find: misnamed(annotations.override, 'overrides', 'checks that block', holdsNothing),
      remedy,
      links: [],
    },
  ];
}
