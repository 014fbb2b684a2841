// One owner per address: which of several configs that claim an address or a class may have it.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { effectiveClass } from '../api/defaults.ts';
import { configOfComponent, componentName, type ComponentKind } from '../api/metadata.ts';
import type { KubeVipConfig } from '../api/types.ts';
import { heldBy } from './daemon-set.ts';
import { oncePer } from './once.ts';
import { recordedOf } from './recorded.ts';
import type { Snapshot } from './snapshot.ts';

/** An address or a class of a spec that another KubeVipConfig has. */
export interface Conflict {
  readonly kind: 'address' | 'class';
  readonly value: string;
  /** Name of the KubeVipConfig that has it. */
  readonly owner: string;
}

interface Contender {
  readonly name: string;
  /** Its DaemonSet exists, or its Lease says that the address has not left yet: a node may hold it now. */
  readonly running: boolean;
  /**
   * Its DaemonSet for this kind of claim exists, or did until somebody deleted it, whatever it holds: the pods of one that
   * was deleted may run on.
   */
  readonly exists: boolean;
  /** Its spec asks for it. */
  readonly wanted: boolean;
  readonly created: string;
}

type Claim = Pick<Conflict, 'kind' | 'value'>;

const kindOf = { 'control-plane': 'address', services: 'class' } as const satisfies Record<
  ComponentKind,
  Claim['kind']
>;
const componentOf = { address: 'control-plane', class: 'services' } as const;

function claimsOfSpec(config: KubeVipConfig): readonly Claim[] {
  const name = effectiveClass(config);
  return [
    ...(config.spec.controlPlane?.addresses ?? []).map((value): Claim => ({ kind: 'address', value })),
    ...(name === undefined ? [] : [{ kind: 'class', value: name } as const]),
  ];
}

// Each config is looked at by itself: without an index of the others, hundreds of them would each read hundreds.
const namesOf = oncePer(
  (daemonSets: readonly V1DaemonSet[]): ReadonlySet<string | undefined> =>
    new Set(daemonSets.map(({ metadata }) => metadata?.name)),
);

/** Names of the DaemonSets that hold a value. */
const holdersOf = oncePer((daemonSets: readonly V1DaemonSet[]) =>
  Map.groupBy(
    daemonSets.flatMap((object) =>
      heldBy(object).map((value) => ({ value, name: object.metadata?.name ?? '' })),
    ),
    ({ value }) => value,
  ),
);

const configsByName = oncePer(
  (configs: readonly KubeVipConfig[]): ReadonlyMap<string, KubeVipConfig> =>
    new Map(configs.map((config) => [config.metadata.name, config])),
);

const keyOf = ({ kind, value }: Claim): string => `${kind} ${value}`;

/** The configs whose specs make a claim, by its key. */
const claimantsOf = oncePer((configs: readonly KubeVipConfig[]) =>
  Map.groupBy(
    configs.flatMap((config) => claimsOfSpec(config).map((claim) => ({ config, key: keyOf(claim) }))),
    ({ key }) => key,
  ),
);

/** Names of the configs whose DaemonSets were rendered for a value, or from whose nodes it is still leaving. */
function configsRunning({ daemonSets, leases, configs }: Snapshot, value: string): ReadonlySet<string> {
  // A Lease that was left behind by a config of which nothing else is there says nothing of today.
  const leaving = leases
    .filter((lease) => lease.leaving.some(({ address }) => address === value))
    .map(({ name }) => configOfComponent(name))
    .filter((name) => name !== undefined && configsByName(configs).has(name));
  const names = (holdersOf(daemonSets).get(value) ?? []).map(({ name }) => configOfComponent(name));
  return new Set([...names, ...leaving].filter((name) => name !== undefined));
}

function contenders(snapshot: Snapshot, { kind, value }: Claim): readonly Contender[] {
  const running = configsRunning(snapshot, value);
  const wanting = (claimantsOf(snapshot.configs).get(keyOf({ kind, value })) ?? []).map(
    ({ config }) => config,
  );
  const names = new Set([...running, ...wanting.map(({ metadata }) => metadata.name)]);
  return [...names].map((name) => {
    const { uid, creationTimestamp = '' } = configsByName(snapshot.configs).get(name)?.metadata ?? {};
    const component = componentName(name, componentOf[kind]);
    return {
      name,
      running: running.has(name),
      exists:
        namesOf(snapshot.daemonSets).has(component) ||
        recordedOf(snapshot.recorded, component, uid).length > 0,
      wanted: wanting.some(({ metadata }) => metadata.name === name),
      created: creationTimestamp,
    };
  });
}

// Whoever may already hold the address keeps it, so that no address ever has two owners. A DaemonSet can be
// edited: one that should hold the address counts more than none, because its pods may hold it still, and one
// that holds what its config does not ask for counts less than one that does.
function standing({ running, exists, wanted }: Contender): number {
  return (running ? 4 : 0) + (wanted && exists ? 2 : 0) + (wanted ? 1 : 0);
}

// Among equals the older object wins, and the name decides between two of the same second.
function byPrecedence(a: Contender, b: Contender): number {
  return standing(b) - standing(a) || a.created.localeCompare(b.created) || a.name.localeCompare(b.name);
}

/** Of claims those that another config than this one has. */
function conflictsAmong(snapshot: Snapshot, claims: readonly Claim[]): readonly Conflict[] {
  const { name } = snapshot.config.metadata;
  return claims.flatMap((claim) => {
    const [owner] = [...contenders(snapshot, claim)].sort(byPrecedence);
    return owner === undefined || owner.name === name ? [] : [{ ...claim, owner: owner.name }];
  });
}

/** The claims of this config that another one has, in the order of the spec. */
export const findConflicts = (snapshot: Snapshot): readonly Conflict[] =>
  conflictsAmong(snapshot, claimsOfSpec(snapshot.config));

/** What a DaemonSet of this config would hold that another config has, whatever the spec asks for today. */
export const conflictsOf = (
  snapshot: Snapshot,
  component: ComponentKind,
  object: V1DaemonSet,
): readonly Conflict[] =>
  conflictsAmong(
    snapshot,
    heldBy(object).map((value) => ({ kind: kindOf[component], value })),
  );
