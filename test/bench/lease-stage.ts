// The stage of lease-timings.ts: a lab in which one kube-vip for each timing runs side by side with the others, on the
// same nodes, so that each fault hits all of them at the same moment.
import { join } from 'node:path';
import { stringify } from 'yaml';
import { componentKindsOf, effectiveSpec } from '../../src/api/defaults.ts';
import { apiVersion, kind, systemNamespace } from '../../src/api/metadata.ts';
import { renderDaemonSet } from '../../src/render/daemon-set.ts';
import type { Lab } from '../lab/lab.ts';
import { apiPort, kubernetesService } from '../lab/network.ts';
import { loadBalancer } from '../lab/operand-manifests.ts';
import { waitFor } from '../lab/process.ts';

const repository = join(import.meta.dirname, '..', '..');
const role = 'node-role.kubernetes.io/control-plane';
const places = { controlPlane: 'bench.test/control-plane', services: 'bench.test/services' } as const;

/** One setting: lease duration, renew deadline and retry period in seconds, and the addresses that are elected with it. */
export interface Timing {
  readonly name: string;
  readonly seconds: readonly [lease: number, renew: number, retry: number];
  readonly controlPlane: string;
  readonly service: string;
}

const timing = (index: number, ...seconds: [number, number, number]): Timing => ({
  name: `t${seconds.join('-')}`,
  seconds,
  controlPlane: `203.0.113.${100 + index}`,
  service: `203.0.113.${120 + index}`,
});

/** What is compared; the first is the default of kube-vip v1.1.0 and later. */
export const timings: readonly Timing[] = [timing(0, 15, 10, 2), timing(1, 15, 6, 2), timing(2, 24, 10, 2)];

export const addressesOf = (rows: readonly Timing[]): readonly string[] =>
  rows.flatMap(({ controlPlane, service }) => [controlPlane, service]);

/** Whether the rule `lease-outlives-two-renews` promises that a hung API server ends with one owner. */
export const isSafe = ({ seconds: [lease, renew, retry] }: Timing): boolean => lease > 2 * renew + retry;

const classOf = ({ name }: Timing): string => `kubevip.dev/${name}`;

function manifests(row: Timing, index: number, version: string): readonly object[] {
  const [leaseDurationSeconds, renewDeadlineSeconds, retryPeriodSeconds] = row.seconds;
  const spec = effectiveSpec({
    apiVersion,
    kind,
    metadata: { name: row.name },
    spec: {
      version,
      mode: 'ARP',
      controlPlane: {
        addresses: [row.controlPlane],
        nodeSelector: { [role]: '', [places.controlPlane]: 'run' },
      },
      services: { nodeSelector: { [places.services]: 'run' } },
      leaderElection: { leaseDurationSeconds, renewDeadlineSeconds, retryPeriodSeconds },
    },
  });
  return componentKindsOf(spec).map((component, second) => {
    const metricsPort = 29_100 + 2 * index + second;
    const daemonSet = renderDaemonSet({ spec, component, namespace: systemNamespace, metricsPort, uid: '' });
    // No KubeVipConfig is there to own it: the garbage collector would end it.
    delete daemonSet.metadata?.ownerReferences;
    return daemonSet;
  });
}

/** Nodes by their part in a scene: where the addresses are when a fault comes, and the others. */
export interface Cast {
  /** Control-plane node that holds every control-plane address. */
  readonly master: string;
  /** Node that holds every Service address. */
  readonly worker: string;
}

/** The lab with everything applied and nothing running: see `gather`. */
export class LeaseStage {
  readonly lab: Lab;
  readonly cast: Cast;

  constructor(lab: Lab) {
    this.lab = lab;
    const named = (controlPlane: boolean) => lab.nodes.filter((node) => node.controlPlane === controlPlane);
    // The last one: what the lab itself asks goes to the first that answers.
    this.cast = { master: named(true).at(-1)?.name ?? '', worker: named(false).at(-1)?.name ?? '' };
  }

  async apply(version: string): Promise<void> {
    const { lab } = this;
    await lab.kubectl('apply', '-k', join(repository, 'config', 'namespace'));
    await lab.kubectl('apply', '-k', join(repository, 'config', 'rbac'));
    const sets = timings.flatMap((row, index) => manifests(row, index, version));
    const services = timings.map((row) => loadBalancer(row.name, row.service, classOf(row)));
    await lab.apply([...sets.map((row) => stringify(row)), ...services].join('---\n'));
  }

  /**
   * Ends every kube-vip and starts it anew, with every address on the nodes of the cast: no back-off of a kubelet and no
   * Lease of an earlier fault is left.
   */
  async gather(rows: readonly Timing[]): Promise<void> {
    const { lab, cast } = this;
    await this.#label('-');
    await waitFor('every kube-vip to end', async () => (await this.#pods()).length === 0, {
      seconds: 120,
      everyMs: 500,
    });
    await lab.kubectl('-n', systemNamespace, 'delete', 'lease', '--all');
    await lab.kubectl('label', 'node', cast.master, `${places.controlPlane}=run`);
    await lab.kubectl('label', 'node', cast.worker, `${places.services}=run`);
    for (const row of rows) await this.#untilHeld(row);
    await this.#label('=run');
    await waitFor('every kube-vip to run', () => this.#isComplete(), { seconds: 120, everyMs: 500 });
  }

  /** Refuses connections to the API server of a node, as if none were listening; resolves when it does. */
  async refuse(node: string): Promise<void> {
    const rule = `tcp dport ${apiPort} ip daddr != 127.0.0.0/8 reject with tcp reset`;
    const chain = 'type filter hook input priority -10;';
    const commands = `add table inet away; add chain inet away in { ${chain} }; add rule inet away in ${rule}`;
    await this.lab.exec(node, ['nft', commands]);
  }

  async answer(node: string): Promise<void> {
    await this.lab.exec(node, ['nft', 'delete table inet away']);
  }

  /** Lets the worker of the cast ask the API server of the master, and every other node another one, as kube-proxy may choose. */
  async pin(): Promise<void> {
    const { lab, cast } = this;
    const chain = 'type nat hook output priority -110;';
    for (const { name } of lab.nodes) {
      const to = name === cast.worker ? this.addressOf(cast.master) : lab.nodes[0]?.address;
      const rule = `ip daddr ${kubernetesService} tcp dport 443 dnat to ${to}:${apiPort}`;
      const commands = `add table ip pin; add chain ip pin out { ${chain} }; add rule ip pin out ${rule}`;
      await lab.exec(name, ['nft', commands]);
    }
  }

  async unpin(): Promise<void> {
    for (const { name } of this.lab.nodes) await this.lab.exec(name, ['nft', 'delete table ip pin']);
  }

  addressOf(node: string): string {
    return this.lab.nodes.find(({ name }) => name === node)?.address ?? '';
  }

  /** The member that leads etcd. */
  async etcdLeader(): Promise<string> {
    for (const { name, controlPlane } of this.lab.nodes) {
      const ask = ['curl', '-s', '--max-time', '2', `http://${this.addressOf(name)}:2379/metrics`];
      const said = controlPlane ? await this.lab.exec(name, ask) : '';
      if (said.includes('\netcd_server_is_leader 1')) return name;
    }
    throw new Error('expected a member that leads etcd, found none');
  }

  async isAnswering(node: string): Promise<boolean> {
    const ask = ['curl', '-sk', '--max-time', '1', `https://${this.addressOf(node)}:${apiPort}/readyz`];
    return (await this.lab.exec(node, ask).catch(() => '')) === 'ok';
  }

  async #label(change: '=run' | '-'): Promise<void> {
    const { lab } = this;
    const nodes = lab.nodes.filter(({ controlPlane }) => controlPlane).map(({ name }) => name);
    const workers = lab.nodes.filter(({ controlPlane }) => !controlPlane).map(({ name }) => name);
    await lab.kubectl('label', 'node', ...nodes, `${places.controlPlane}${change}`, '--overwrite');
    await lab.kubectl('label', 'node', ...workers, `${places.services}${change}`, '--overwrite');
  }

  async #untilHeld({ name, controlPlane, service }: Timing): Promise<void> {
    const { lab, cast } = this;
    const isHeld = async (): Promise<boolean> => {
      const owners = await Promise.all([lab.owners(controlPlane), lab.owners(service)]);
      return owners.join(' ') === `${cast.master} ${cast.worker}`;
    };
    await waitFor(`the addresses of ${name} on ${cast.master} and ${cast.worker}`, isHeld, {
      seconds: 90,
      everyMs: 250,
    });
  }

  async #pods(): Promise<readonly string[]> {
    const pods = await this.lab.kubectl('-n', systemNamespace, 'get', 'pods', '-o', 'name');
    return pods.split('\n').filter((line) => line !== '');
  }

  async #isComplete(): Promise<boolean> {
    const path = '{range .items[*]}{.status.desiredNumberScheduled} {.status.numberReady}{"\\n"}{end}';
    const said = await this.lab.kubectl('-n', systemNamespace, 'get', 'ds', '-o', `jsonpath=${path}`);
    const counts = said
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    const masters = this.lab.nodes.filter(({ controlPlane }) => controlPlane).length;
    const wanted = [masters, this.lab.nodes.length - masters].map(String);
    return counts.every(([desired = '', ready]) => wanted.includes(desired) && desired === ready);
  }
}
