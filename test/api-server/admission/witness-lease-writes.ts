// Writes of the Leases of witnesses by everybody who might, and what the policy says to each.
import { operatorUser } from '../audit.ts';
import { namespace } from '../cluster.ts';
import type { Row, Write } from './fence.ts';

const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
const account = (name: string, where = namespace): string => `system:serviceaccount:${where}:${name}`;
export const witness = account('kube-vip-operator-witness');
const collector = account('generic-garbage-collector', 'kube-system');

/** A node whose name ends like a component. */
export const own = 'kube-vip-witness.0123abcd.my-control-plane';
/** A Lease of the operator itself. */
export const other = 'some-lease';
const answers = { annotations: { 'kubevip.dev/answers': '{"v":1}' } };

export const make = (name: string, as?: string, metadata: object = {}): Write => ({
  method: 'POST',
  path,
  body: {
    metadata: { name, labels: { 'kubevip.dev/witness': '0123abcd' }, ...metadata },
    spec: { leaseDurationSeconds: 10 },
  },
  ...(as !== undefined && { as }),
});
const change = (name: string, body: object, as?: string): Write => ({
  method: 'PATCH',
  path: `${path}/${name}`,
  body,
  type: 'merge',
  ...(as !== undefined && { as }),
});
export const answer = (name: string, as: string, metadata: object = answers, spec: object = {}): Write =>
  change(
    name,
    {
      metadata,
      spec: {
        holderIdentity: 'my-control-plane',
        renewTime: '2026-11-29T10:00:00.000000Z',
        acquireTime: '2026-11-29T10:00:00.000000Z',
        leaseTransitions: 1,
        ...spec,
      },
    },
    as,
  );
const remove = (name: string, as?: string): Write => ({
  method: 'DELETE',
  path: `${path}/${name}`,
  ...(as !== undefined && { as }),
});

const refused = (name: string, complaints: string, found: string): string =>
  `Lease kube-vip-system/${name}: ${complaints}, found ${found}; leave it to the operator, which makes it anew where it is missing`;
const more = 'expected a witness to change holder, times and the annotation kubevip.dev/answers only';
const byOperator = 'expected to be made and deleted by the operator only';
const byBoth = 'expected to be made and deleted by the operator, and to be written by its witness only';
const foreign =
  'annotation kubevip.dev/answers: expected to be written by ServiceAccount kube-vip-operator-witness only';
const named = 'expected a witness to write Leases kube-vip-witness.<segment>.<node> only';

/** A witness that changes more than it may. */
const tooMuch = ([what, metadata, spec]: readonly [string, object, object]): Row => [
  `${what} by its witness`,
  answer(own, witness, metadata, spec),
  refused(own, more, `UPDATE by ${witness}`),
];

export const rows: readonly Row[] = [
  ['answered in by its witness', answer(own, witness), 'allowed'],
  ['renewed by its witness', answer(own, witness, {}), 'allowed'],
  ...(
    [
      ['labelled', { labels: { a: 'b' } }, {}],
      ['stripped of its label', { labels: { 'kubevip.dev/witness': null } }, {}],
      ['annotated otherwise', { annotations: { a: 'b' } }, {}],
      ['stripped of a note', { annotations: { 'example.org/note': null } }, {}],
      ['kept from deletion', { finalizers: ['example.org/a'] }, {}],
      ['made to last longer', {}, { leaseDurationSeconds: 3600 }],
      ['held in the name of the operator', {}, { holderIdentity: 'kube-vip-operator:n1' }],
    ] as const
  ).map(tooMuch),
  ['deleted by its witness', remove(own, witness), refused(own, byOperator, `DELETE by ${witness}`)],
  [
    'made by a witness',
    make('kube-vip-witness.0123abcd.n2', witness),
    refused('kube-vip-witness.0123abcd.n2', byOperator, `CREATE by ${witness}`),
  ],
  [
    'of another kind, written by a witness',
    answer(other, witness),
    refused(other, named, `UPDATE by ${witness}`),
  ],
  [
    'with no segment in its name, made by a witness',
    make('kube-vip-witness.n2', witness),
    refused('kube-vip-witness.n2', `${named}; ${byOperator}`, `CREATE by ${witness}`),
  ],
  ['made by the operator', make('kube-vip-witness.0123abcd.n2', operatorUser), 'allowed'],
  [
    'made by the operator with answers in it',
    make('kube-vip-witness.0123abcd.n2', operatorUser, answers),
    refused('kube-vip-witness.0123abcd.n2', foreign, `CREATE by ${operatorUser}`),
  ],
  [
    'with no segment in its name, made by the operator',
    make('kube-vip-witness.n2', operatorUser),
    refused('kube-vip-witness.n2', byBoth, `CREATE by ${operatorUser}`),
  ],
  ['deleted by the operator', remove(own, operatorUser), 'allowed'],
  [
    'answered in by the operator',
    answer(own, operatorUser),
    refused(own, foreign, `UPDATE by ${operatorUser}`),
  ],
  [
    'renewed by the operator',
    answer(own, operatorUser, {}),
    refused(own, byBoth, `UPDATE by ${operatorUser}`),
  ],
  ['answered in by an ordinary user', answer(own, 'jane'), refused(own, foreign, 'UPDATE by jane')],
  [
    'made by an ordinary user',
    make('kube-vip-witness.0123abcd.n2', 'jane'),
    refused('kube-vip-witness.0123abcd.n2', byBoth, 'CREATE by jane'),
  ],
  ['deleted by an ordinary user', remove(own, 'jane'), refused(own, byBoth, 'DELETE by jane')],
  [
    'answered in by a ServiceAccount of the same name elsewhere',
    answer(own, account('kube-vip-operator-witness', 'default')),
    refused(own, foreign, `UPDATE by ${account('kube-vip-operator-witness', 'default')}`),
  ],
  ['deleted by the garbage collector', remove(own, collector), 'allowed'],
  ['let go by the garbage collector', change(own, { metadata: { finalizers: [] } }, collector), 'allowed'],
  [
    'annotated by somebody who may do everything',
    change(own, { metadata: { annotations: { a: 'b' } } }, 'admin'),
    'allowed',
  ],
  ['deleted by somebody who may do everything', remove(own, 'admin'), 'allowed'],
  [
    'answered in by somebody who may do everything',
    answer(own, 'admin'),
    refused(own, foreign, 'UPDATE by admin'),
  ],
];
