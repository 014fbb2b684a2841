// Which subnets the nodes have, as the probe of the nodes said it: what is known of them does not go while the nodes are asked
// again.
import { canonicalSubnet } from '../api/address-range.ts';
import type { ComponentKind } from '../api/metadata.ts';
import type { KubeVipConfig } from '../api/types.ts';

/** Subnets of the interface on which a component of a config puts its addresses, over all its nodes. */
export interface KnownSubnets {
  readonly config: KubeVipConfig;
  readonly component: ComponentKind;
  /** In canonical form, each once, in order. */
  readonly subnets: readonly string[];
}

/** What was known at the last look, by config and component. */
export type SubnetMemory = ReadonlyMap<string, readonly string[]>;

type Run = NonNullable<NonNullable<KubeVipConfig['status']>['nodeProbe']>[number];

/** What is known now. */
export interface SubnetKnowledge {
  readonly rows: readonly KnownSubnets[];
  readonly memory: SubnetMemory;
  /** Nodes are being asked of which nothing is known from before: what there is may be right, and stays. */
  readonly isOpen: boolean;
  /** Some config has more subnets than a status can hold. */
  readonly isOmitted: boolean;
}

// Times in this form are in order as texts.
const isAsking = ({ finishedAt, startedAt }: Run): boolean =>
  finishedAt === undefined || finishedAt < startedAt;

const distinct = (texts: readonly string[]): readonly string[] =>
  [...new Set(texts.flatMap((text) => canonicalSubnet(text) ?? []))].sort();

/** Subnets of every config that says them, and of those that said them at the last look and are being asked again. */
export function subnetsOf(configs: readonly KubeVipConfig[], before: SubnetMemory): SubnetKnowledge {
  const runs = configs.flatMap((config) =>
    (config.status?.nodeProbe ?? []).map((run) => {
      const key = `${config.metadata.name}/${run.function}`;
      const remembered = isAsking(run) ? before.get(key) : undefined;
      return { config, run, key, subnets: run.subnets ? distinct(run.subnets) : remembered };
    }),
  );
  const known = runs.flatMap(({ subnets, ...row }) => (subnets === undefined ? [] : [{ ...row, subnets }]));
  return {
    rows: known.map(({ config, run, subnets }) => ({ config, component: run.function, subnets })),
    memory: new Map(known.map(({ key, subnets }) => [key, subnets])),
    isOpen: runs.some(({ run, subnets }) => subnets === undefined && isAsking(run)),
    isOmitted: runs.some(({ run }) => run.areNetworksOmitted === true),
  };
}
