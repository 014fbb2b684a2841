// Random histories of Services for the worker that grants: what may happen, and what must hold after it.
import type { V1Service } from '@kubernetes/client-node';
import fc from 'fast-check';
import { granted, serviceOf, type ServiceOptions } from '../grants/world.ts';
import { turn, type World } from './granter-world.ts';

/** What a Service was granted. */
export const grantOf = ({ metadata }: V1Service): readonly string[] =>
  metadata?.annotations?.[granted]?.split(',') ?? [];

/** Services of a history. */
export const keys = ['a/x', 'a/y', 'b/x', 'b/y'] as const;
const address = fc.constantFrom(
  '203.0.113.110',
  '203.0.113.112',
  '203.0.113.111',
  '203.0.113.11',
  '203.0.113.1',
  '192.0.2.1',
  'no',
);
/** What may happen next. */
export const step = fc.oneof(
  fc.record({
    do: fc.constant('write' as const),
    key: fc.constantFrom(...keys),
    asks: fc.option(address, { nil: undefined }),
    share: fc.constantFrom('', 'k'),
    port: fc.constantFrom(80, 443),
    kind: fc.constantFrom('edge' as const, 'edge' as const, 'foreign' as const, 'no balancer' as const),
    squats: address,
    isLate: fc.boolean(),
  }),
  fc.record({ do: fc.constant('delete' as const), key: fc.constantFrom(...keys) }),
  fc.record({ do: fc.constant('tell' as const), key: fc.constantFrom(...keys) }),
  fc.record({ do: fc.constant('trick' as const), next: fc.constantFrom('refuse' as const, 'lose' as const) }),
  fc.record({ do: fc.constant('restart' as const), lags: fc.boolean() }),
  fc.record({ do: fc.constant('wait' as const) }),
);
/** One of these. */
export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Options of the Service with a key. */
export function optionsOf(key: string, options: ServiceOptions): ServiceOptions {
  const [namespace = '', name = ''] = key.split('/');
  return { namespace, name, ...options };
}

const shareOf = ({ metadata }: V1Service): string => metadata?.annotations?.['kubevip.dev/share'] ?? '';
const portOf = ({ spec }: V1Service): number => spec?.ports?.[0]?.port ?? 80;

const kinds: Readonly<Record<(Step & { readonly do: 'write' })['kind'], ServiceOptions>> = {
  edge: {},
  foreign: { of: 'example.org/x' },
  'no balancer': { type: 'ClusterIP' },
};

const isOurs = ({ spec }: V1Service): boolean =>
  spec?.type === 'LoadBalancer' && spec.loadBalancerClass === 'kubevip.dev/edge';

/**
 * A person writes a Service, and the policies let pass what they let pass: a Service with a grant stays what it is, in our class
 * only the operator writes the annotation, and elsewhere anybody does. Key and port of one that exists stay: who changes them
 * later is told by another check.
 */
function written(row: Step & { readonly do: 'write' }, old: V1Service | undefined): V1Service {
  const has = old !== undefined && isOurs(old) ? grantOf(old).join(',') : '';
  if (old !== undefined && has !== '' && row.kind !== 'edge') {
    return old;
  }
  const made = { share: row.share, port: row.port, ...(old && { share: shareOf(old), port: portOf(old) }) };
  const asks = row.asks === undefined ? {} : { asks: row.asks };
  const grant = row.kind === 'edge' ? { has, isOurs: true } : { has: row.squats, isOurs: false };
  return serviceOf(
    optionsOf(row.key, { ...made, ...asks, ...kinds[row.kind], ...(grant.has !== '' && grant) }),
  );
}

const plays: {
  readonly [K in Step['do']]: (world: World, row: Step & { readonly do: K }) => void | Promise<void>;
} = {
  write: (world, row) => {
    world.put(row.key, (old) => written(row, old));
    if (!row.isLate) {
      world.tell(row.key);
    }
  },
  delete: (world, { key }) => void world.stored.delete(key),
  tell: (world, { key }) => world.tell(key),
  trick: (world, { next }) => world.trick(next),
  restart: (world, { lags }) => world.restart(lags),
  wait: () => undefined,
};

/** Does a step. */
export async function play(world: World, row: Step): Promise<void> {
  await (plays[row.do] as (world: World, row: Step) => void | Promise<void>)(world, row);
  for (let turns = 0; turns < (row.do === 'wait' ? 8 : 1); turns += 1) {
    await turn();
  }
}

const areSharing = (a: V1Service, b: V1Service): boolean =>
  shareOf(a) !== '' &&
  shareOf(a) === shareOf(b) &&
  a.metadata?.namespace === b.metadata?.namespace &&
  portOf(a) !== portOf(b);

/** What kube-vip binds, and for whom. */
export const bound = (world: World) =>
  [...world.stored]
    .filter(([, service]) => isOurs(service))
    .flatMap(([key, service]) => grantOf(service).map((text) => ({ key, text, service })));

/** Pairs of Services that have one address and do not share it. */
export function doubles(world: World): readonly string[] {
  const rows = bound(world);
  return rows.flatMap((a, index) =>
    rows
      .slice(index + 1)
      .filter((b) => a.text === b.text && !areSharing(a.service, b.service))
      .map((b) => `${a.key} and ${b.key} have ${a.text}`),
  );
}

/** Everything is told, and nothing goes wrong any more. */
export async function settle(world: World): Promise<void> {
  world.trick('none');
  for (let round = 0; round < 3; round += 1) {
    keys.forEach((key) => world.tell(key));
    world.granter.compareAll();
    await play(world, { do: 'wait' });
  }
}

/** Addresses that may be granted. */
export const free = ['203.0.113.110', '203.0.113.112'];

/** Requests for a free address that nobody else of our class has or asks for: whatever others wrote, they are granted. */
export function alone(world: World): readonly string[] {
  const ours = [...world.stored].filter(([, service]) => isOurs(service));
  const wants = (service: V1Service, text: string): boolean =>
    service.metadata?.annotations?.['kubevip.dev/addresses'] === text || grantOf(service).includes(text);
  return free.flatMap((text) => {
    const [first, ...others] = ours.filter(([, service]) => wants(service, text));
    const isAsked = first?.[1].metadata?.annotations?.['kubevip.dev/addresses'] === text;
    return first !== undefined && others.length === 0 && isAsked ? [`${first[0]} ${text}`] : [];
  });
}
