// The API server's audit log: what the operator really asked for.
import { readFileSync } from 'node:fs';
import type { ApiServer } from '../lab/api-server.ts';
import { systemNamespace } from '../../src/api/metadata.ts';
import { until } from './until.ts';

/** The ServiceAccount of the operator, as the API server calls it. */
export const operatorUser = `system:serviceaccount:${systemNamespace}:kube-vip-operator`;

export interface AuditEvent {
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
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

/** Milliseconds since the epoch. */
export interface Heard {
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** The last request of a kind that was carried out. */
function lastOf(
  { auditLog }: Pick<ApiServer, 'auditLog'>,
  kind: string,
  name: string,
): AuditEvent | undefined {
  return readFileSync(auditLog, 'utf8')
    .split('\n')
    .filter((line) => line.includes(name))
    .map((line) => JSON.parse(line) as AuditEvent)
    .filter(({ objectRef }) => objectRef?.name === name)
    .findLast((row) => [`${kind} 200`, `${kind} 201`].includes(describeRequest(row)));
}

/**
 * When the last request of a kind, for example `patch pods/status`, came about an object of this name, and when it was
 * answered: by the API server's clock, so that how often a test looks does not count. What it did can be seen before
 * its answer is in the log.
 */
export async function heard(api: Pick<ApiServer, 'auditLog'>, kind: string, name: string): Promise<Heard> {
  const found = await until(`${kind} ${name} in the audit log`, () => lastOf(api, kind, name));
  return {
    askedAt: Date.parse(found.requestReceivedTimestamp),
    answeredAt: Date.parse(found.stageTimestamp),
  };
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
