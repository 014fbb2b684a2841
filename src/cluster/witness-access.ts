// The ConfigMaps with the questions for witnesses and with the MAC addresses of the nodes, and the Leases with the answers.
import type { V1ConfigMap } from '@kubernetes/client-node';
import {
  annotations,
  fieldManager,
  labels,
  managedByValue,
  systemNamespace,
  witnessLeaseName,
  witnessMacsName,
  witnessOfLease,
  witnessQuestionsName,
} from '../api/metadata.ts';
import { questionsKey, silentSeconds } from '../witness/contract.ts';
import type { MacAccess, WitnessAccess } from './cluster.ts';
import { absentIsFine, isConflict } from './errors.ts';
import type { Http } from './http.ts';
import type { LeaseObject } from './lease-store.ts';
import { listAll } from './pages.ts';
import { pathOf, resources, type Resource } from './resources.ts';
import type { Stores } from './view.ts';

// Read by the leader at its start and now and then: what changes them is the operator itself.
const configMaps: Resource = { group: '', version: 'v1', plural: 'configmaps', isNamespaced: true };
const manager = `fieldManager=${fieldManager}`;

const labelsOf = (segment: string): Record<string, string> => ({
  [labels.witness]: segment,
  [labels.managedBy]: managedByValue,
});

// Another value than any segment has: what keeps the questions does not take it for one of them.
const macsLabel = 'macs';
const macsKey = 'macs';
const macsPath = pathOf(configMaps, systemNamespace, witnessMacsName);

const questionsPath = (segment: string): string =>
  pathOf(configMaps, systemNamespace, witnessQuestionsName(segment));

/** A Lease in which a witness answers. */
export interface WitnessLease {
  readonly segment: string;
  readonly node: string;
  /** As it was written; undefined: the witness has not answered yet. */
  readonly answers: string | undefined;
  /** For how many milliseconds it was not renewed, by the steady clock of the operator. */
  readonly ageMs: number;
}

/** The Leases of all witnesses. */
export function witnessLeases({ leases }: Pick<Stores, 'leases'>): readonly WitnessLease[] {
  return leases.list().flatMap((row) => {
    const witness = witnessOfLease(row.metadata.name);
    return witness === undefined
      ? []
      : [
          {
            ...witness,
            answers: row.metadata.annotations?.[annotations.answers],
            ageMs: leases.ageMs(row),
          },
        ];
  });
}

/** Reads and writes what witnesses are asked by and answer in, and the MAC addresses of the nodes. */
export class WitnessObjects implements WitnessAccess, MacAccess {
  readonly #http: Pick<Http, 'send'>;
  readonly #stores: Pick<Stores, 'leases'>;

  constructor(http: Pick<Http, 'send'>, stores: Pick<Stores, 'leases'>) {
    this.#http = http;
    this.#stores = stores;
  }

  async readQuestions(): Promise<ReadonlyMap<string, string>> {
    const { items } = await listAll(this.#http, {
      path: pathOf(configMaps, systemNamespace),
      labelSelector: `${labels.witness},${labels.witness}!=${macsLabel}`,
    });
    const found = (items as readonly V1ConfigMap[]).flatMap(({ metadata, data }) => {
      const segment = metadata?.labels?.[labels.witness] ?? '';
      return metadata?.name === witnessQuestionsName(segment)
        ? [[segment, data?.[questionsKey] ?? ''] as const]
        : [];
    });
    return new Map(found);
  }

  async writeQuestions(segment: string, questions: string): Promise<void> {
    await this.#apply(questionsPath(segment), {
      metadata: { name: witnessQuestionsName(segment), labels: labelsOf(segment) },
      data: { [questionsKey]: questions },
    });
  }

  async deleteQuestions(segment: string): Promise<void> {
    await absentIsFine(this.#http.send({ method: 'DELETE', path: questionsPath(segment) }));
  }

  async readMacs(): Promise<string | undefined> {
    const { items } = await listAll(this.#http, {
      path: pathOf(configMaps, systemNamespace),
      labelSelector: `${labels.witness}=${macsLabel}`,
    });
    const found = (items as readonly V1ConfigMap[]).find(
      ({ metadata }) => metadata?.name === witnessMacsName,
    );
    return found && (found.data?.[macsKey] ?? '');
  }

  async writeMacs(text: string): Promise<void> {
    await this.#apply(macsPath, {
      metadata: { name: witnessMacsName, labels: labelsOf(macsLabel) },
      data: { [macsKey]: text },
    });
  }

  async deleteMacs(): Promise<void> {
    await absentIsFine(this.#http.send({ method: 'DELETE', path: macsPath }));
  }

  async #apply(path: string, object: Pick<V1ConfigMap, 'metadata' | 'data'>): Promise<void> {
    await this.#http.send({
      method: 'PATCH',
      path: `${path}?${manager}&force=true`,
      contentType: 'application/apply-patch+yaml',
      body: { apiVersion: 'v1', kind: 'ConfigMap', ...object },
    });
  }

  async makeWitnessLease(segment: string, node: string): Promise<void> {
    const path = `${pathOf(resources.leases, systemNamespace)}?${manager}`;
    const body = {
      metadata: { name: witnessLeaseName(segment, node), labels: labelsOf(segment) },
      spec: { leaseDurationSeconds: silentSeconds },
    };
    try {
      this.#stores.leases.put(await this.#http.send<LeaseObject>({ method: 'POST', path, body }));
    } catch (error) {
      if (!isConflict(error)) {
        throw error;
      }
    }
  }
}
