// That an acknowledgement names a warning, and an override a check that blocks. A misspelt one would be taken for given.
import { annotations } from '../../api/metadata.ts';
import { itemsOf } from '../../api/words.ts';
import type { Check, Facts, Finding } from './check.ts';

type Metadata = Facts['snapshot']['config']['metadata'];

/** Ids of checks in an annotation of a config. */
export function idsIn(metadata: Metadata, annotation: string): readonly string[] {
  return itemsOf(metadata.annotations?.[annotation]);
}

function misnamed(annotation: string, verb: string, what: string, judge: (id: string) => string | undefined) {
  return ({ snapshot: { config } }: Facts): readonly Finding[] =>
    idsIn(config.metadata, annotation)
      .map(judge)
      .filter((found) => found !== undefined)
      .map((found) => ({
        object: `KubeVipConfig/${config.metadata.name}`,
        found: `${verb} ${found}`,
        expected: `ids of ${what} in annotation ${annotation}`,
      }));
}

/**
 * The checks of the acknowledgements and overrides of a config.
 * @param checks Those that can be named.
 */
export function acknowledgementChecks(checks: readonly Check[]): readonly Check[] {
  const severityOf = (id: string): Check['severity'] | undefined =>
    checks.find((row) => row.id === id)?.severity;
  const remedy = 'correct the annotation. docs/preflight.md lists the ids';
  const ifKnown = (id: string, wrong: Check['severity'], but: string): string | undefined => {
    const severity = severityOf(id);
    if (severity === undefined) {
      return `${id.slice(0, 40)}, which is no check`;
    }
    return severity === wrong ? `${id}, ${but}` : undefined;
  };
  return [
    {
      id: 'acknowledgement-is-known',
      question: `Does the annotation ${annotations.acknowledge} name warnings only?`,
      severity: 'warns',
      find: misnamed(annotations.acknowledge, 'acknowledges', 'warnings', (id) =>
        ifKnown(id, 'blocks', 'which blocks'),
      ),
      remedy: `${remedy}. Only an administrator lets a check pass that blocks, by annotation ${annotations.override}`,
      links: [],
    },
    {
      id: 'override-is-known',
      question: `Does the annotation ${annotations.override} name checks that block?`,
      severity: 'warns',
      find: misnamed(annotations.override, 'overrides', 'checks that block', (id) =>
        ifKnown(id, 'warns', 'which holds nothing back'),
      ),
      remedy,
      links: [],
    },
  ];
}
