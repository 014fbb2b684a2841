// Witnesses for tests: what one heard, in the form that the decisions use. Everything answers, and is young, by default.
import type {
  MacOfNode,
  MacBook,
  AddressSight,
  GroupSight,
  OwnerSight,
  WitnessStatement,
  WitnessView,
} from '../src/observed/witness/witnessed.ts';
import { askingKey } from '../src/observed/witness/mac-book.ts';
import type { RemedyStep } from '../src/steps/step.ts';
import { now } from './builders.ts';

export const address = '203.0.113.100';
export const macOf = (node: string): string => `02:00:00:00:00:${node.replace(/\D/g, '').padStart(2, '0')}`;
export const outsider = '02:aa:aa:aa:aa:aa';

/** n1 to n5 have told their MACs an hour ago. */
export function macBook(
  overrides: {
    readonly nodes?: Readonly<Record<string, MacOfNode>>;
    readonly toldAt?: Readonly<Record<string, number>>;
    /** When the nodes of edge-control-plane were asked about a MAC. */
    readonly asked?: Readonly<Record<string, number>>;
  } = {},
): MacBook {
  const names = ['n1', 'n2', 'n3', 'n4', 'n5'];
  const nodes = Object.fromEntries(names.map((node) => [macOf(node), { node, interface: 'eth0' }]));
  const toldAt = Object.fromEntries(names.map((node) => [node, now - 3_600_000]));
  const asked = Object.entries(overrides.asked ?? {}).map(
    ([mac, at]) => [askingKey('edge-control-plane', mac), at] as const,
  );
  return {
    nodes: { ...nodes, ...overrides.nodes },
    toldAt: { ...toldAt, ...overrides.toldAt },
    askedAt: Object.fromEntries(asked),
  };
}

/** A MAC that has answered for a minute, and did so in the last round; a node's by its name. */
export const owner = (nodeOrMac: string, overrides: Partial<OwnerSight> = {}): OwnerSight => ({
  mac: nodeOrMac.includes(':') ? nodeOrMac : macOf(nodeOrMac),
  sinceMs: 60_000,
  lastMs: 100,
  isSelf: false,
  ...overrides,
});

export const sight = (
  owners: readonly (OwnerSight | string)[],
  overrides: Partial<AddressSight> = {},
): AddressSight => ({
  address,
  owners: owners.map((row) => (typeof row === 'string' ? owner(row) : row)),
  silentMs: owners.length === 0 ? 60_000 : undefined,
  roundMs: 1000,
  ...overrides,
});

/** A witness on n4 that wrote a second ago. */
export const statement = (
  control: readonly AddressSight[],
  overrides: Partial<WitnessStatement> = {},
): WitnessStatement => ({
  segment: '0a1b2c3d',
  node: 'n4',
  ageMs: 1000,
  trouble: '',
  asks: [address, 'kubevip.dev/edge'],
  control,
  groups: [],
  former: undefined,
  ...overrides,
});

/** One whose Lease was not renewed. */
export const silent = (node = 'n4'): WitnessStatement =>
  statement([], { node, ageMs: 11_000, trouble: 'it has been silent for more than 10 s' });

export const group = (overrides: Partial<GroupSight> = {}): GroupSight => ({
  name: 'kubevip.dev/edge',
  count: 3,
  owners: [{ mac: macOf('n1'), count: 3 }],
  odd: [],
  more: 0,
  ...overrides,
});

export const witnessView = (
  statements: readonly WitnessStatement[],
  overrides: Partial<WitnessView> = {},
): WitnessView => ({ statements, macs: macBook(), former: [], ...overrides });

/** A view in which the witnesses on n4 and n5 hear the same. */
export const heardBy = (...owners: readonly (OwnerSight | string)[]): WitnessView =>
  witnessView([statement([sight(owners)]), statement([sight(owners)], { node: 'n5' })]);

/** Ends the pod on n2, which answers for what n1 holds. */
export const remedy = (overrides: Partial<RemedyStep> = {}): RemedyStep => ({
  kind: 'delete-pod',
  why: 'second-owner',
  pod: 'edge-control-plane-n2',
  uid: 'uid-of-n2',
  component: 'control-plane',
  node: 'n2',
  addresses: [address],
  holder: 'n1',
  ...overrides,
});
