// KubeVipConfigs of several releases whose addresses leave the nodes of a lab, all at once.
import type { KubernetesListObject, KubernetesObject } from '@kubernetes/client-node';
import { mayBeUsed } from '../../src/catalog/verdicts.ts';
import { conditionOf, holderOf, untilReady } from './install.ts';
import type { Lab } from './lab.ts';
import { waitFor } from './process.ts';

export interface Row {
  readonly name: string;
  readonly version: string;
  readonly address: string;
  /** What it gets instead. */
  readonly next: string;
}

/** One config per release, each with two addresses to itself. */
export const rowsOf = (releases: readonly string[]): readonly Row[] =>
  releases.map((version, index) => ({
    name: `r${index}`,
    version,
    address: `203.0.113.${120 + index}`,
    next: `203.0.113.${130 + index}`,
  }));

/** Whether a release may have Services. A config of another gets one that may when its control plane goes. */
export const serves = ({ version }: Row): boolean => mayBeUsed(version, 'services');

/** A KubeVipConfig with one address, and Services where they are asked for. */
export const config = (name: string, version: string, address: string, rest: object = {}): string =>
  // JSON: in YAML as kubectl reads it, Off without quotes is false.
  JSON.stringify({
    apiVersion: 'kubevip.dev/v1alpha1',
    kind: 'KubeVipConfig',
    metadata: { name },
    spec: { version, mode: 'ARP', controlPlane: { addresses: [address] }, ...rest },
  });

/** What is done to all rows at once, and what was seen meanwhile. */
export class Leaving {
  readonly #lab: Lab;
  readonly #rows: readonly Row[];

  constructor(lab: Lab, rows: readonly Row[]) {
    this.#lab = lab;
    this.#rows = rows;
  }

  each<T>(act: (row: Row) => Promise<T>): Promise<T[]> {
    return Promise.all(this.#rows.map(act));
  }

  /** Takes the control plane out of a spec, or puts it there with an address; done as soon as that is written. */
  async set(row: Row, address: string | null): Promise<void> {
    const spec =
      address === null
        ? { controlPlane: null, services: {}, version: serves(row) ? row.version : 'v1.1.2' }
        : {
            controlPlane: { addresses: [address] },
            services: serves(row) ? {} : null,
            version: row.version,
          };
    await this.#lab.kubectl('patch', 'kvc', row.name, '--type=merge', '-p', JSON.stringify({ spec }));
  }

  /** Takes the control plane out of a spec; done when the operator has its Lease. */
  async takeOut(row: Row): Promise<void> {
    await this.set(row, null);
    await waitFor(
      `the Lease of ${row.name} to be taken`,
      async () => (await holderOf(this.#lab, `${row.name}-control-plane`)).startsWith('kube-vip-operator:'),
      { seconds: 60, everyMs: 250 },
    );
  }

  async untilReady(): Promise<void> {
    await this.each(({ name }) => untilReady(this.#lab, name, 120));
  }

  /** No control plane is left of any, by what the operator says and by what there is. */
  async untilRemoved(seconds: number): Promise<void> {
    await this.each(({ name }) =>
      waitFor(
        `the control plane of ${name} to be gone`,
        async () =>
          (await conditionOf(this.#lab, name, 'Programmed')).startsWith('True') &&
          (await this.#left(`${name}-control-plane`)).length === 0,
        { seconds, everyMs: 250 },
      ),
    );
  }

  async #left(name: string): Promise<readonly KubernetesObject[]> {
    const read = (group: string, kind: string) =>
      this.#lab.read<KubernetesListObject<KubernetesObject>>(
        `/apis/${group}/v1/namespaces/kube-vip-system/${kind}?fieldSelector=metadata.name=${name}`,
      );
    const found = await Promise.all([read('apps', 'daemonsets'), read('coordination.k8s.io', 'leases')]);
    return found.flatMap(({ items }) => items);
  }

  /** Who holds the Leases of the Services that were there from the beginning. */
  servers(): Promise<string[]> {
    const served = this.#rows.filter(serves);
    return Promise.all(served.map(({ name }) => holderOf(this.#lab, `${name}-services`)));
  }

  /** Nodes that have an address of each row. */
  owners(addressOf: (row: Row) => string): Promise<string[][]> {
    return this.each((row) => this.#lab.owners(addressOf(row)));
  }
}
