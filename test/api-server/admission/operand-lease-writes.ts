// Writes of Leases by everybody who might, and what the policy says to each.
import { operatorUser } from '../audit.ts';
import { namespace } from '../cluster.ts';
import type { Row, Write } from './fence.ts';

const leasesOf = (where: string): string => `/apis/coordination.k8s.io/v1/namespaces/${where}/leases`;
const path = leasesOf(namespace);
const account = (name: string, where = namespace): string => `system:serviceaccount:${where}:${name}`;
const controlPlane = account('kube-vip-control-plane');
export const services = account('kube-vip-services');
const [collector, namespaces] = ['generic-garbage-collector', 'namespace-controller'].map((name) =>
  account(name, 'kube-system'),
) as [string, string];
const admin = { as: 'admin' };

export const create = (name: string, as?: string, where = namespace): Write => ({
  method: 'POST',
  path: leasesOf(where),
  body: { metadata: { name }, spec: { holderIdentity: 'n1' } },
  ...(as !== undefined && { as }),
});
export const take = (name: string, as?: string): Write => ({
  method: 'PATCH',
  path: `${path}/${name}`,
  body: { spec: { holderIdentity: 'stranger' } },
  type: 'merge',
  ...(as !== undefined && { as }),
});
export const remove = (name: string, as?: string): Write => ({
  method: 'DELETE',
  path: `${path}/${name}`,
  ...(as !== undefined && { as }),
});

export const parkable = 'parked-control-plane';
/** A write by the operator in its own name or another's. */
const park = (name: string, holderIdentity: string, metadata: object = {}, as = operatorUser): Write => ({
  method: 'PATCH',
  path: `${path}/${name}`,
  body: { metadata, spec: { holderIdentity, leaseDurationSeconds: 3600 } },
  type: 'merge',
  as,
});
const note = { 'kubevip.dev/leaving': 'none' };
/** A Lease that no kube-vip had, as the operator makes it. */
const make = (name: string, spec: object = {}, metadata: object = {}): Write => ({
  method: 'POST',
  path,
  body: {
    metadata: { name, annotations: note, ...metadata },
    spec: { holderIdentity: 'kube-vip-operator:', leaseDurationSeconds: 3600, ...spec },
  },
  as: operatorUser,
});
const notParked = (found = `UPDATE by ${operatorUser}`) => refusal(parkable, 'control-plane', found);

const refusal = (name: string, component: string, found: string) =>
  `Lease kube-vip-system/${name}: expected to be written by ServiceAccount kube-vip-${component} only (it decides which node owns what KubeVipConfig ${name.replace(`-${component}`, '')} announces), found ${found}; to move the addresses delete the kube-vip pod of the holder`;
const cp = (found: string) => refusal('edge-control-plane', 'control-plane', found);
const svc = (found: string) => refusal('edge-services', 'services', found);

export const rows: readonly Row[] = [
  ['taken by its kube-vip', take('edge-control-plane', controlPlane), 'allowed'],
  ['taken by its kube-vip for services', take('edge-services', services), 'allowed'],
  ['made by its kube-vip', create('core-services', services), 'allowed'],
  ['taken by the other function', take('edge-control-plane', services), cp(`UPDATE by ${services}`)],
  [
    'taken by the other function, the other way round',
    take('edge-services', controlPlane),
    svc(`UPDATE by ${controlPlane}`),
  ],
  [
    'made by the other function',
    create('core-services', controlPlane),
    refusal('core-services', 'services', `CREATE by ${controlPlane}`),
  ],
  ['deleted by its kube-vip', remove('edge-services', services), svc(`DELETE by ${services}`)],
  ['taken by an ordinary user', take('edge-services', 'jane'), svc('UPDATE by jane')],
  ['deleted by an ordinary user', remove('edge-services', 'jane'), svc('DELETE by jane')],
  ['deleted by an ordinary user with all others', remove('', 'jane'), cp('DELETE by jane')],
  [
    'made by an ordinary user before there is a KubeVipConfig',
    create('new-control-plane', 'jane'),
    refusal('new-control-plane', 'control-plane', 'CREATE by jane'),
  ],
  [
    'taken by a ServiceAccount of the same name elsewhere',
    take('edge-services', account('kube-vip-services', 'default')),
    svc(`UPDATE by ${account('kube-vip-services', 'default')}`),
  ],
  ['taken by the operator', take('edge-services', operatorUser), svc(`UPDATE by ${operatorUser}`)],
  ['given to somebody by the operator', park(parkable, 'n2'), notParked()],
  ['given back by the operator', park(parkable, ''), notParked()],
  ['taken by the operator from whom it was not held', park(parkable, 'kube-vip-operator:n2'), notParked()],
  [
    'labelled by the operator while it takes it',
    park(parkable, 'kube-vip-operator:n1', { labels: { a: 'b' } }),
    notParked(),
  ],
  [
    'annotated by the operator while it takes it',
    park(parkable, 'kube-vip-operator:n1', { annotations: { a: 'b' } }),
    notParked(),
  ],
  [
    'kept from deletion by the operator while it takes it',
    park(parkable, 'kube-vip-operator:n1', { finalizers: ['example.org/a'] }),
    notParked(),
  ],
  [
    'stripped of a note by the operator while it takes it',
    park(parkable, 'kube-vip-operator:n1', { annotations: { 'example.org/note': null } }),
    notParked(),
  ],
  [
    'given by the operator to another than it was taken from',
    park('kept-control-plane', 'n2'),
    refusal('kept-control-plane', 'control-plane', `UPDATE by ${operatorUser}`),
  ],
  [
    'given free by the operator',
    park('kept-control-plane', ''),
    refusal('kept-control-plane', 'control-plane', `UPDATE by ${operatorUser}`),
  ],
  [
    'given back by an ordinary user',
    park('kept-control-plane', 'n1', {}, 'jane'),
    refusal('kept-control-plane', 'control-plane', 'UPDATE by jane'),
  ],
  [
    'of services taken by the operator in its own name',
    park('parked-services', 'kube-vip-operator:n1'),
    refusal('parked-services', 'services', `UPDATE by ${operatorUser}`),
  ],
  [
    "taken by an ordinary user in the operator's name",
    park(parkable, 'kube-vip-operator:n1', {}, 'jane'),
    notParked('UPDATE by jane'),
  ],
  [
    'made by the operator',
    create('new-control-plane', operatorUser),
    refusal('new-control-plane', 'control-plane', `CREATE by ${operatorUser}`),
  ],
  ...(
    [
      ['for a node', { holderIdentity: 'kube-vip-operator:n1' }, {}],
      ['for nobody', { holderIdentity: '' }, {}],
      ['without its note', {}, { annotations: {} }],
      ['with another note', {}, { annotations: { ...note, a: 'b' } }],
      ['with a label', {}, { labels: { a: 'b' } }],
      ['and kept from deletion', {}, { finalizers: ['example.org/a'] }],
    ] as const
  ).map(([what, spec, metadata]): Row => [
    `made by the operator ${what}`,
    make('made-control-plane', spec, metadata),
    refusal('made-control-plane', 'control-plane', `CREATE by ${operatorUser}`),
  ]),
  [
    'of services made by the operator',
    make('made-services'),
    refusal('made-services', 'services', `CREATE by ${operatorUser}`),
  ],
  [
    "made by an ordinary user in the operator's name",
    { ...make('made-control-plane'), as: 'jane' },
    refusal('made-control-plane', 'control-plane', 'CREATE by jane'),
  ],
  ['made by the operator in its own name', make('made-control-plane'), 'allowed'],
  ['taken by the operator in its own name', park(parkable, 'kube-vip-operator:n1'), 'allowed'],
  [
    'taken by the operator with a note of what has to leave',
    park(parkable, 'kube-vip-operator:n1', { annotations: { 'kubevip.dev/leaving': '203.0.113.100:6443' } }),
    'allowed',
  ],
  ['kept by the operator', park('kept-control-plane', 'kube-vip-operator:n1'), 'allowed'],
  [
    'given back by the operator to whom it was taken from',
    park('kept-control-plane', 'n1', { annotations: { 'kubevip.dev/leaving': null } }),
    'allowed',
  ],
  ['deleted by the operator', remove('edge-services', operatorUser), 'allowed'],
  ['deleted by the garbage collector', remove('edge-services', collector), 'allowed'],
  [
    'let go by the garbage collector',
    { ...take('edge-services', collector), body: { metadata: { finalizers: [] } } },
    'allowed',
  ],
  ['deleted with its namespace', remove('edge-services', namespaces), 'allowed'],
  [
    'deleted by controllers that share one account',
    remove('edge-services', 'system:kube-controller-manager'),
    'allowed',
  ],
  [
    'made by the garbage collector',
    create('new-services', collector),
    refusal('new-services', 'services', `CREATE by ${collector}`),
  ],
  ['taken by a member of system:masters', take('edge-services'), 'allowed'],
  ['taken by somebody who may do everything', take('edge-services', admin.as), 'allowed'],
  ['deleted by somebody who may do everything', remove('edge-control-plane', admin.as), 'allowed'],
  ['of another name', create('kube-vip-operator', 'jane'), 'allowed'],
  ['of another namespace', create('edge-services', 'jane', 'default'), 'allowed'],
];
