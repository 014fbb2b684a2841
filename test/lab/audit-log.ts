// What everybody asks of an API server, as it notes it itself.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the log of the API server of a folder is: one JSON event per line, metadata level. */
export const auditLogIn = (dir: string): string => join(dir, 'audit.log');

/** Flags of an API server that writes each request to {@link auditLogIn} of a folder. */
export function auditFlags(dir: string): Record<string, string> {
  const policy = join(dir, 'audit-policy.yaml');
  writeFileSync(
    policy,
    'apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules: [{level: Metadata}]\n',
  );
  // Blocking: an event is in the file before its response is sent, so a test can read it at once.
  return {
    'audit-policy-file': policy,
    'audit-log-path': auditLogIn(dir),
    'audit-log-mode': 'blocking',
    // Megabytes. A log that went on in another file would be cut off for its reader.
    'audit-log-maxsize': '2000',
  };
}

/** That of a lab whose API server is in the switch. */
export const auditLogOf = ({ dir }: { readonly dir: string }): string => auditLogIn(join(dir, 'switch'));
