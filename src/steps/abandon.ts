// What a deletion shall not wait for, because a person says so.
import { annotations } from '../api/metadata.ts';
import type { KubeVipConfig } from '../api/types.ts';

/** Names of nodes and addresses in the annotation `kubevip.dev/abandon`. */
export function abandoned({ metadata }: KubeVipConfig): readonly string[] {
  return (metadata.annotations?.[annotations.abandon] ?? '').split(/[\s,]+/).filter((entry) => entry !== '');
}

/** The command that gives up on an entry as well. */
export function abandonCommand(config: KubeVipConfig, entry: string): string {
  const entries = [...new Set([...abandoned(config), entry])].join(',');
  return `kubectl annotate --overwrite kubevipconfig ${config.metadata.name} ${annotations.abandon}=${entries}`;
}
