// The API server's audit log: what the operator really asked for.
import { readFileSync } from 'node:fs';
import type { ApiServer } from '../lab/api-server.ts';
import { operatorUser } from './cluster.ts';

export interface AuditEvent {
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly requestReceivedTimestamp: string;
  readonly user: { readonly username: string };
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code?: number };
}

/** Every request of the operator, once, in order of arrival. A watch counts from its start. */
export function operatorRequests({ auditLog }: ApiServer): readonly AuditEvent[] {
  return readFileSync(auditLog, 'utf8')
    .split('\n')
    .filter((line) => line.includes(operatorUser))
    .map((line) => JSON.parse(line) as AuditEvent)
    .filter(({ user }) => user.username === operatorUser)
    .filter(({ verb, stage }) => stage === (verb === 'watch' ? 'ResponseStarted' : 'ResponseComplete'))
    .sort((a, b) => a.requestReceivedTimestamp.localeCompare(b.requestReceivedTimestamp));
}

/** For example `patch kubevipconfigs/status 200`. */
export function describeRequest({ verb, objectRef, requestURI, responseStatus }: AuditEvent): string {
  const { resource, subresource } = objectRef ?? {};
  const what = [resource ?? requestURI, subresource].filter(Boolean).join('/');
  return `${verb} ${what} ${responseStatus?.code ?? 0}`;
}
