// What the operators of a whole test run asked for, held against what config/rbac grants. Every cluster of the run
// notes its part in one folder; the end of the run judges the union.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ApiServer } from '../lab/api-server.ts';
import { isRefused, needs, operatorRequests, type AuditEvent } from './audit.ts';

/** Names the folder; set for the time of a jest run. */
export const folderVariable = 'PERMISSIONS_USED';

export interface Use {
  readonly used: readonly string[];
  readonly refused: readonly string[];
}

// The roles system:discovery and system:public-info-viewer. An API server that has just started may refuse them for a moment.
const forEverybody = /^\/(apis?|healthz|livez|openapi|readyz|version)\b/;

const needsGrant = ({ objectRef, requestURI }: AuditEvent): boolean =>
  objectRef?.resource !== undefined || !forEverybody.test(requestURI);

/** Notes what the operator did in one cluster, before the cluster is gone. */
export function noteUse(api: ApiServer): void {
  const folder = process.env[folderVariable];
  if (folder === undefined || !existsSync(api.auditLog)) {
    return;
  }
  const requests = operatorRequests(api).filter(needsGrant);
  const permissionsOf = (rows: typeof requests): readonly string[] => [...new Set(rows.flatMap(needs))];
  const use: Use = {
    used: permissionsOf(requests.filter((row) => !isRefused(row))),
    refused: permissionsOf(requests.filter(isRefused)),
  };
  writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify(use));
}

/** Everything that was noted. */
export function notedUse(folder: string): Use {
  const parts = readdirSync(folder).map(
    (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Use,
  );
  return { used: parts.flatMap(({ used }) => used), refused: parts.flatMap(({ refused }) => refused) };
}

const without = (rows: readonly string[], others: readonly string[]): readonly string[] =>
  [...new Set(rows)].filter((row) => !others.includes(row)).sort();

/** Granted permissions that nothing was done by. */
export function unusedOf({ used }: Pick<Use, 'used'>, granted: readonly string[]): readonly string[] {
  // What the whole cluster's right was used for, unless a namespace grants it by itself.
  const inCluster = used.filter((row) => !granted.includes(row)).map((row) => row.replace(/^\S+/, '*'));
  return without(granted, [...used, ...inCluster]);
}

/**
 * What is wrong with the grants, one sentence each.
 * @param isWhole whether every test ran: only then "never used" says anything.
 */
export function judgeUse(
  { used, refused }: Use,
  granted: readonly string[],
  isWhole: boolean,
): readonly string[] {
  // What is granted for the whole cluster is granted in each namespace.
  const beyond = (rows: readonly string[]): readonly string[] =>
    without(rows, granted).filter((row) => !granted.includes(row.replace(/^\S+/, '*')));
  return [
    // A test may take a binding away; what is in the file is then no finding.
    ...beyond(refused).map((row) => `${row}: it was asked for and refused; grant it or do not ask`),
    ...beyond(used).map((row) => `${row}: it was done by a right that is not in the file`),
    ...(isWhole ? unusedOf({ used }, granted) : []).map(
      (row) => `${row}: no test made the operator use it; take it away or test it`,
    ),
  ];
}
