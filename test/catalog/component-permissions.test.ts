// What preflight asks the API server about, held against what config/rbac gives the accounts of kube-vip.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { componentKinds } from '../../src/api/metadata.ts';
import { componentPermissions } from '../../src/catalog/component-permissions.ts';

interface Role {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string };
  readonly rules?: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

const granted = (component: string): readonly string[] =>
  parseAllDocuments(readFileSync(`config/rbac/operand-${component}.yaml`, 'utf8'))
    .map((row) => row.toJS() as Role)
    .flatMap(({ metadata, rules = [] }) =>
      rules.flatMap(({ apiGroups, resources, verbs }) =>
        apiGroups.flatMap((group) =>
          resources.flatMap((resource) =>
            verbs.map((verb) => `${metadata.namespace ?? ''} ${group}/${resource} ${verb}`),
          ),
        ),
      ),
    );

describe('componentPermissions', () => {
  it.each(componentKinds)('are all that the account of %s has', (component) => {
    const asked = componentPermissions
      .filter((row) => row.component === component)
      .flatMap(({ namespace, group, resource, verbs }) =>
        verbs.map((verb) => `${namespace} ${group}/${resource} ${verb}`),
      );
    expect([...asked].sort()).toEqual([...granted(component)].sort());
  });
});
