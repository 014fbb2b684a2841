// That an acknowledgement names a warning. A misspelt one would be taken for given.
import { annotations } from '../../api/metadata.ts';
import type { Check, Facts } from './check.ts';

/** Ids in the annotation of a config. */
export function acknowledgedIn(metadata: Facts['snapshot']['config']['metadata']): readonly string[] {
  const text = metadata.annotations?.[annotations.acknowledge] ?? '';
  return text
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
}

/**
 * The check of the acknowledgements of a config.
 * @param checks Those that can be named.
 */
export function acknowledgementChecks(checks: readonly Check[]): readonly Check[] {
  const judge = (id: string): string | undefined => {
    const check = checks.find((row) => row.id === id);
    if (check === undefined) {
      return `${id.slice(0, 40)}, which is no check`;
    }
    return check.severity === 'blocks' ? `${id}, which blocks and cannot be turned off` : undefined;
  };
  return [
    {
      id: 'acknowledgement-is-known',
      question: `Does the annotation ${annotations.acknowledge} name warnings only?`,
      severity: 'warns',
      find: ({ snapshot: { config } }) =>
        acknowledgedIn(config.metadata).flatMap((id) => {
          const found = judge(id);
          return found === undefined
            ? []
            : [
                {
                  object: `KubeVipConfig/${config.metadata.name}`,
                  found: `acknowledges ${found}`,
                  expected: `ids of warnings in annotation ${annotations.acknowledge}`,
                },
              ];
        }),
      remedy: 'correct the annotation. docs/preflight.md lists the ids',
      links: [],
    },
  ];
}
