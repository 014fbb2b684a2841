// What config/rbac grants, one line per permission.
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

interface Role {
  readonly metadata: { readonly namespace?: string };
  readonly rules?: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

function permissionsOf({ metadata, rules = [] }: Role): readonly string[] {
  return rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.map((verb) => `${metadata.namespace ?? '*'} ${group}/${resource} ${verb}`),
      ),
    ),
  );
}

/**
 * For example `kube-vip-system apps/daemonsets patch`; `*` for the whole cluster.
 * @param file without its ending, in config/rbac
 */
export function grantedPermissions(file = 'operator'): readonly string[] {
  return parseAllDocuments(readFileSync(`config/rbac/${file}.yaml`, 'utf8')).flatMap((row) =>
    permissionsOf(row.toJS() as Role),
  );
}
