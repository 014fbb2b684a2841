import { describe, expect, it } from '@jest/globals';
import {
  ApiError,
  explain,
  isNotFound,
  KubeConfigError,
  OldViewError,
  OutdatedError,
  SilentWatchError,
} from '../../src/cluster/errors.ts';

const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6443'), { code: 'ECONNREFUSED' });

describe('explain', () => {
  it.each([
    [
      'a kubeconfig that cannot be read',
      new KubeConfigError('x: expected YAML'),
      /KUBECONFIG or --kubeconfig/,
    ],
    [
      'a missing CRD',
      new ApiError(404, 'GET /apis/kubevip.dev/v1alpha1/kubevipconfigs', 'page not found'),
      /kubectl apply -k config\/crd/,
    ],
    [
      'policies that are not served',
      new ApiError(404, 'GET /apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies', 'not found'),
      /--runtime-config of the API servers/,
    ],
    ['missing credentials', new ApiError(401, 'GET /x', 'Unauthorized'), /credentials/],
    ['a missing permission', new ApiError(403, 'GET /x', 'forbidden'), /config\/rbac/],
    [
      'a missing permission of a watch',
      Object.assign(new Error('Forbidden'), { statusCode: 403 }),
      /config\/rbac/,
    ],
    [
      'a file that is not there',
      new Error("ENOENT: no such file, open '/no/ca.crt'"),
      /make the file readable/,
    ],
    ['an object that is refused', new ApiError(422, 'PATCH /x', 'invalid'), /correct the field/],
    ['an API server without etcd', new ApiError(500, 'GET /x', 'etcdserver: no leader'), /its etcd/],
    ['a conflict', new ApiError(409, 'PATCH /x', 'conflict'), /next attempt/],
    ['a version that is forgotten', new ApiError(410, 'WATCH nodes', 'too old'), /listed anew/],
    ['a write from an old view', new OldViewError(['nodes', 'pods']), /when those lists have come/],
    ['a watch that is silent', new SilentWatchError('leases', '9', 2500), /slow API server/],
    [
      'versions that went back',
      new OutdatedError('nodes', { expected: '9', found: '7' }),
      /restored from a backup/,
    ],
    ['too many requests', new ApiError(429, 'GET /x', 'slow down'), /fewer requests/],
    ['an API server that is not there', new TypeError('fetch failed', { cause: refused }), /API server runs/],
    [
      'an API server that does not answer',
      new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
      /API server runs/,
    ],
    [
      'a certificate of somebody else',
      new Error('self-signed certificate in chain'),
      /certificate-authority/,
    ],
    ['anything else', new Error('surprise'), /report this/],
    ['what is no error', 'text', /report this/],
  ])('%s', (_, error, todo) => {
    const explained = explain(error);
    expect(explained.todo).toMatch(todo);
    expect(explained.cause).not.toMatch(/\n|\n {4}at /);
  });

  it('names the cause behind the cause', () => {
    expect(explain(new TypeError('fetch failed', { cause: refused })).cause).toBe(
      'fetch failed: connect ECONNREFUSED 127.0.0.1:6443',
    );
  });
});

describe('isNotFound', () => {
  it.each([
    ['is true of an answer 404', new ApiError(404, 'GET /x', ''), true],
    ['is false of another answer', new ApiError(403, 'GET /x', ''), false],
    ['is false of another error', new Error('404'), false],
  ])('%s', (_, error, expected) => {
    expect(isNotFound(error)).toBe(expected);
  });
});
