// What can go wrong between us and an API server, said once: cause and what to do, never a stack trace.
import { withoutSecrets } from './secrets.ts';

/** Cause of a failure and what a person does about it, half a sentence each. */
export interface Explanation {
  readonly cause: string;
  readonly todo: string;
}

/** An answer of the API server that is not a success. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  /** @param request for example `PATCH /apis/apps/v1/namespaces/x/daemonsets/y` */
  constructor(status: number, request: string, message: string) {
    super(`${request}: ${status} ${message}`);
    this.status = status;
  }
}

/** An answer that is longer than who asked has room for. It was not read to its end. */
export class LargeAnswerError extends Error {
  override readonly name = 'LargeAnswerError';

  /** @param request for example `GET /api/v1/services` */
  constructor(request: string, mostBytes: number) {
    super(`${request}: expected at most ${mostBytes} bytes, found more; ask for less at once`);
  }
}

/** A kubeconfig that cannot be used. */
export class KubeConfigError extends Error {
  override readonly name = 'KubeConfigError';
}

/** A write that was not sent, because another operator may lead by now. */
export class NotLeadingError extends Error {
  override readonly name = 'NotLeadingError';
}

/** A write that was not sent, because what it was decided from may be of a time that never was. */
export class OldViewError extends Error {
  override readonly name = 'OldViewError';

  constructor(missing: readonly string[]) {
    super(`this operator lists the cluster anew: expected all lists, found ${missing.join(', ')} missing`);
  }
}

/** A watch that keeps silent about what has happened. */
export class SilentWatchError extends Error {
  override readonly name = 'SilentWatchError';

  /** @param version that the API server gave in an answer */
  constructor(plural: string, version: string, withinMs: number) {
    super(`WATCH ${plural}: expected version ${version} within ${withinMs} ms, found silence`);
  }
}

/** Versions that went back: the API server has a past that is not the one that was seen. */
export class OutdatedError extends Error {
  override readonly name = 'OutdatedError';

  constructor(
    what: string,
    {
      expected = '0',
      found = '0',
    }: { readonly expected?: string | undefined; readonly found?: string | undefined },
  ) {
    super(`${what}: expected version ${expected} or a later one, found ${found}`);
  }
}

/** True for an object that is not there, as opposed to a resource type that is not. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** The answer to a request; undefined for an object that is not there, which is no error. */
export async function absentIsFine<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
    return undefined;
  }
}

/** True when somebody else wrote what we had read. */
export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409;
}

type Row = readonly [matches: (error: unknown, text: string) => boolean, todo: string];

const status =
  (code: number) =>
  (error: unknown): boolean =>
    (error as { statusCode?: number } | undefined)?.statusCode === code ||
    (error instanceof ApiError && error.status === code);
const text =
  (pattern: RegExp) =>
  (_: unknown, message: string): boolean =>
    pattern.test(message);

const rows: readonly Row[] = [
  [
    (error) => error instanceof NotLeadingError,
    'nothing: it is done when the Lease is renewed, by this operator or by the one that leads then',
  ],
  [
    (error) => error instanceof KubeConfigError,
    'correct the kubeconfig that KUBECONFIG or --kubeconfig names; it is read again at the next attempt',
  ],
  [
    (error, message) => status(404)(error) && /kubevipconfigs/.test(message),
    'install the CustomResourceDefinition: kubectl apply -k config/crd',
  ],
  [
    (error, message) => status(404)(error) && /validatingadmissionpolic/.test(message),
    'take what turns ValidatingAdmissionPolicy off out of --runtime-config of the API servers. Then install the operator again: without its policies nothing keeps two owners from one address',
  ],
  [
    status(401),
    'give the operator valid credentials: its ServiceAccount token, or the user of the kubeconfig',
  ],
  [status(403), 'grant the operator what config/rbac says: kubectl apply -k config/rbac'],
  [status(409), 'nothing: somebody else wrote at the same moment, the next attempt reads again'],
  [(error) => error instanceof OldViewError, 'nothing: it is decided again when those lists have come'],
  [
    (error) => error instanceof SilentWatchError,
    'nothing: another connection is opened at once. When that repeats, look for a slow API server or for something between it and the operator that drops connections',
  ],
  [
    (error) => error instanceof OutdatedError,
    'nothing: everything is listed anew. Unless etcd was restored from a backup just now, find out who replaced its data',
  ],
  [status(410), 'nothing: the API server no longer knows that version, so everything is listed anew'],
  [status(422), 'correct the field of the KubeVipConfig that the cause names'],
  [status(429), 'nothing: the API server asks for fewer requests, the next attempt waits longer'],
  [
    (error) => error instanceof ApiError && error.status >= 500,
    'check the API server and its etcd: it answers, but cannot do its work',
  ],
  [
    text(/invalid header value/),
    'correct the token of the kubeconfig, or the user that it acts as: there is a line break in it',
  ],
  [
    text(
      /ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR|EAI_AGAIN|ENOTFOUND|Timeout|timeout|bad port/,
    ),
    'check that the API server runs and that its address in the kubeconfig is right',
  ],
  [text(/ENOENT|EACCES/), 'make the file readable; it is read again at the next attempt'],
  [text(/certificate|CERT_|self-signed|unable to verify/i), 'check certificate-authority in the kubeconfig'],
];

function messages(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const code = (error as NodeJS.ErrnoException).code;
  const own = [error.message, typeof code === 'string' && !error.message.includes(code) ? code : '']
    .filter((part) => part !== '')
    .join(' ');
  return error.cause === undefined ? own : `${own}: ${messages(error.cause)}`;
}

/** Cause and next step of any error, each in one line. */
export function explain(error: unknown): Explanation {
  const cause = withoutSecrets(messages(error)).replaceAll(/\s+/g, ' ').slice(0, 600);
  const row = rows.find(([matches]) => matches(error, cause));
  return { cause, todo: row?.[1] ?? 'report this: it is not an error that the operator knows' };
}
