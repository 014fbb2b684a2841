// Configs whose control plane leaves the nodes, for tests.
import type { Snapshot } from '../../../src/observed/snapshot.ts';
import { daemonSet, kubeVipConfig, lease, snapshot } from '../../builders.ts';
import { parked, services, vip } from '../../plan/deleting.ts';
import { outline } from '../../pass.ts';

export const edge = kubeVipConfig();
export const without = kubeVipConfig({ spec: { controlPlane: undefined } });
export const elsewhere = kubeVipConfig({ spec: { controlPlane: { addresses: ['203.0.113.101'] } } });
export const onOther = kubeVipConfig({
  spec: { controlPlane: { addresses: ['203.0.113.100'], interface: 'eth1' } },
});
export const alsoSix = kubeVipConfig({
  spec: { controlPlane: { addresses: ['203.0.113.100', '2001:db8::100'] } },
});
export const servicesLease = lease({ name: 'edge-services' });
export const controlPlane = daemonSet();
export const both = [controlPlane, services];
export const held = parked(5);
export const taken = (secondsAgo: number) => ({ ...parked(secondsAgo), leaving: [vip] });

/** Edge with what is left of its control plane. */
export const world = (config: Snapshot['config'], overrides: Partial<Snapshot> = {}): Snapshot =>
  snapshot({ config, daemonSets: both, pods: [], leases: [lease(), servicesLease], ...overrides });

export const say = ({ steps }: ReturnType<typeof outline>): readonly string[] =>
  steps.map((step) =>
    [step.kind, 'object' in step ? step.object.metadata?.name : 'name' in step ? step.name : ''].join(' '),
  );
export const waitOf = (of: Snapshot): string | undefined => outline(of).waitingFor;

export const park = 'park-lease edge-control-plane';
export const away = 'delete edge-control-plane';
export const free = 'delete-lease edge-control-plane';
