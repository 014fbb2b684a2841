// Renderings that were applied, for tests.
import type { KubeVipConfig } from '../src/api/types.ts';
import { renderedHash } from '../src/observed/daemon-set.ts';
import type { RecordedRendering } from '../src/observed/recorded.ts';
import { specMark } from '../src/plan/applied.ts';
import { kubeVipConfig, rendering } from './builders.ts';

/** The record of a rendering: by default of edge's control plane, as the spec of today asks for it. */
export function recorded(
  overrides: Partial<RecordedRendering> & { config?: KubeVipConfig } = {},
): RecordedRendering {
  const { config = kubeVipConfig(), ...rest } = overrides;
  const [first] = rendering(config);
  const { object = first ?? {} } = rest;
  const name = object.metadata?.name ?? '';
  const hash = renderedHash(object) ?? '';
  const kind = name.endsWith('-services') ? 'services' : 'control-plane';
  return {
    name: `${name}-${hash}`,
    daemonSet: name,
    hash,
    revision: 1,
    mark: specMark(config, kind),
    object,
    ...rest,
  };
}
