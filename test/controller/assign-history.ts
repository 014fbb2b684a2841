// Random histories of Services that ask for nothing, and of some that ask: what may happen, and what must hold after it.
import type { V1Service } from '@kubernetes/client-node';
import fc from 'fast-check';
import { asked, autoConfig, granted, serviceOf } from '../grants/world.ts';
import { bound, grantOf, keys, optionsOf } from './granter-history.ts';
import { turn, type World } from './granter-world.ts';

/** Addresses of the pool: fewer than there are Services. The first one is a node's. */
export const pool = ['203.0.113.110', '203.0.113.111', '203.0.113.112'] as const;

/** `edge`, with that pool. */
export const configs = [autoConfig(['203.0.113.11/32', '203.0.113.110-203.0.113.112', '2001:db8::10/127'])];

const key = fc.constantFrom(...keys);
const stacks = {
  v4: {},
  v6: { ipFamilies: ['IPv6'] },
  prefer: { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'PreferDualStack' },
  both: { ipFamilies: ['IPv6', 'IPv4'], ipFamilyPolicy: 'RequireDualStack' },
} as const;
const stack = fc.constantFrom('v4', 'v4', 'v6', 'prefer', 'both');

/** What may happen next. */
export const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('make' as const), key, stack, isLate: fc.boolean() }) },
  fc.record({
    do: fc.constant('ask' as const),
    key,
    asks: fc.option(fc.constantFrom(...pool), { nil: undefined }),
    isLate: fc.boolean(),
  }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), key, isLate: fc.boolean() }) },
  fc.record({ do: fc.constant('publish' as const), key }),
  fc.record({ do: fc.constant('tell' as const), key }),
  fc.record({ do: fc.constant('trick' as const), next: fc.constantFrom('refuse' as const, 'lose' as const) }),
  fc.record({ do: fc.constant('crash' as const), lags: fc.boolean(), isDropped: fc.boolean() }),
  fc.record({ do: fc.constant('stranger' as const), address: fc.constantFrom(...pool), comes: fc.boolean() }),
  fc.record({ do: fc.constant('pass' as const), seconds: fc.constantFrom(1, 30, 61) }),
);
/** One of these. */
export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function withRequest(service: V1Service, asks: string | undefined): V1Service {
  const { [asked]: _, ...others } = service.metadata?.annotations ?? {};
  const annotations = { ...others, ...(asks !== undefined && { [asked]: asks }) };
  return { ...service, metadata: { ...service.metadata, annotations } };
}

const asPublished = (service: V1Service): V1Service => ({
  ...service,
  status: { loadBalancer: { ingress: grantOf(service).map((ip) => ({ ip })) } },
});

function change(world: World, name: string, isLate: boolean, next: (old: V1Service) => V1Service): void {
  const old = world.stored.get(name);
  if (old !== undefined) {
    world.put(name, () => next(old));
  }
  if (!isLate) {
    world.tell(name);
  }
}

function make(world: World, row: Step & { readonly do: 'make' }): void {
  if (!world.stored.has(row.key)) {
    const { ipFamilies, ...more } = { ipFamilies: undefined, ...stacks[row.stack] };
    const families = ipFamilies && { ipFamilies: [...ipFamilies] };
    world.put(row.key, () => serviceOf(optionsOf(row.key, { ...more, ...families })));
  }
  if (!row.isLate) {
    world.tell(row.key);
  }
}

/** Lets what is under way get some steps further. */
export async function turns(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await turn();
  }
}

const plays: {
  readonly [K in Step['do']]: (world: World, row: Step & { readonly do: K }) => void | Promise<void>;
} = {
  make,
  ask: (world, row) => change(world, row.key, row.isLate, (old) => withRequest(old, row.asks)),
  delete: (world, row) => {
    world.stored.delete(row.key);
    if (!row.isLate) {
      world.tell(row.key);
    }
  },
  publish: (world, row) => change(world, row.key, false, asPublished),
  tell: (world, row) => world.tell(row.key),
  trick: (world, row) => world.trick(row.next),
  crash: (world, row) => world.crash(row),
  stranger: async (world, { address, comes }) => {
    // What is being written was asked about before it came.
    await turns(6);
    if (!comes) {
      world.onNodes.delete(address);
    } else if (bound(world).every(({ text }) => text !== address)) {
      world.onNodes.set(address, 'a stranger');
    }
  },
  pass: (world, { seconds }) => world.pass(seconds * 1000),
};

/** Does a step. */
export async function play(world: World, row: Step): Promise<void> {
  await (plays[row.do] as (world: World, row: Step) => void | Promise<void>)(world, row);
  await turns(2);
}

const requestOf = ({ metadata }: V1Service): string | undefined => metadata?.annotations?.[asked];
const isAssigned = ({ metadata }: V1Service): boolean =>
  metadata?.annotations?.['kubevip.dev/assigned'] !== undefined;

/** What was seen so far, and what has happened that must not. */
export class Watch {
  readonly #had = new Map<string, readonly string[]>();
  readonly #free = new Map<string, { readonly key: string; readonly at: number }>();
  #isBehind = false;
  readonly #ever = new Set<string>();
  readonly faults: string[] = [];
  /** Grants that nobody asked for. */
  assigned = 0;

  /**
   * A machine that takes an address which kube-vip has, or had for a Service that may come back, makes two owners by itself; and
   * where the network is not asked, each one does.
   */
  isPossible(row: Step, isAsking: boolean): boolean {
    return !(row.do === 'stranger' && row.comes) || (isAsking && !this.#ever.has(row.address));
  }

  /**
   * A new process does not know what was given up before.
   * @param isBehind nor what is given up before its view has it: the network tells that no node has it
   */
  forget(isBehind: boolean): void {
    this.#free.clear();
    this.#isBehind ||= isBehind;
  }

  /** @param agoMs how long ago it may be that an address was given up */
  see(world: World, agoMs = 0): void {
    for (const name of keys) {
      const service = world.stored.get(name);
      const has = service === undefined ? [] : grantOf(service);
      const before = this.#had.get(name) ?? [];
      if (service !== undefined && requestOf(service) === undefined && isAssigned(service)) {
        this.#compare(world, name, { before, has });
      }
      before
        .filter((address) => !has.includes(address))
        .forEach((address) => this.#free.set(address, { key: name, at: world.now - agoMs }));
      has.forEach((address) => this.#ever.add(address));
      this.#had.set(name, has);
    }
  }

  #compare(
    world: World,
    name: string,
    { before, has }: Readonly<Record<'before' | 'has', readonly string[]>>,
  ): void {
    const lost = before.filter((address) => !has.includes(address));
    this.faults.push(...lost.map((address) => `${name} has lost ${address}`));
    for (const address of has.filter((row) => !before.includes(row))) {
      this.assigned += 1;
      const last = this.#free.get(address);
      if (!this.#isBehind && last !== undefined && last.key !== name && world.now - last.at < 60_000) {
        this.faults.push(`${name} has ${address}, which ${last.key} had a moment ago`);
      }
    }
  }
}

/** Services of the class that have nothing, though the pool has an address for them and nobody asks for one. */
export function starving(world: World): readonly string[] {
  const published = [...world.stored.values()].flatMap((row) => row.status?.loadBalancer?.ingress ?? []);
  const taken = new Set([...bound(world).map(({ text }) => text), ...published.map(({ ip }) => ip)]);
  const isFree = pool.some((address) => !taken.has(address));
  return [...world.stored]
    .filter(([, row]) => requestOf(row) === undefined && row.spec?.ipFamilies === undefined)
    .filter(([, row]) => isFree && row.metadata?.annotations?.[granted] === undefined)
    .map(([name]) => name);
}
