// The API server's audit log: what the operator really asked for.
import { readFileSync } from 'node:fs';
import type { ApiServer } from '../lab/api-server.ts';
import { operandNamespace } from '../../src/api/metadata.ts';

/** The ServiceAccount of the operator, as the API server calls it. */
export const operatorUser = `system:serviceaccount:${operandNamespace}:kube-vip-operator`;

export interface AuditEvent {
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly requestReceivedTimestamp: string;
  readonly user: {
    readonly username: string;
    readonly extra?: Readonly<Record<string, readonly string[]>>;
  };
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
export function operatorRequests(
  { auditLog }: Pick<ApiServer, 'auditLog'>,
  username = operatorUser,
): readonly AuditEvent[] {
  return readFileSync(auditLog, 'utf8')
    .split('\n')
    .filter((line) => line.includes(username))
    .map((line) => JSON.parse(line) as AuditEvent)
    .filter(({ user }) => user.username === username)
    .filter(({ verb, stage }) => stage === (verb === 'watch' ? 'ResponseStarted' : 'ResponseComplete'))
    .sort((a, b) => a.requestReceivedTimestamp.localeCompare(b.requestReceivedTimestamp));
}

/** A write; access reviews are questions, although they are created. */
export const isWrite = ({ verb, objectRef }: AuditEvent): boolean =>
  !['get', 'list', 'watch'].includes(verb) && objectRef?.resource?.endsWith('accessreviews') !== true;

/** For example `patch kubevipconfigs/status 200`. */
export function describeRequest({ verb, objectRef, requestURI, responseStatus }: AuditEvent): string {
  const { resource, subresource } = objectRef ?? {};
  const what = [resource ?? requestURI, subresource].filter(Boolean).join('/');
  return `${verb} ${what} ${responseStatus?.code ?? 0}`;
}

/** True for a request that the API server answers with `no` for want of a permission or of an identity. */
export function isRefused({ responseStatus }: AuditEvent): boolean {
  return [401, 403].includes(responseStatus?.code ?? 0);
}

/** What a request needs: a server-side apply that makes an object is a patch and a create. */
export function needs({ verb, objectRef, responseStatus }: AuditEvent): readonly string[] {
  const { namespace, apiGroup = '', resource = '', subresource } = objectRef ?? {};
  const what = `${namespace ?? '*'} ${apiGroup}/${[resource, subresource].filter(Boolean).join('/')}`;
  return verb === 'patch' && responseStatus?.code === 201
    ? [`${what} patch`, `${what} create`]
    : [`${what} ${verb}`];
}
