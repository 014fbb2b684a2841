// Every write to the cluster. HTTP statuses end here.
import type { KubernetesObject, V1ControllerRevision, V1DaemonSet, V1Service } from '@kubernetes/client-node';
import { annotations, fieldManager, finalizer, systemNamespace, parkedPrefix } from '../api/metadata.ts';
import type { KubeVipConfig, KubeVipConfigStatus } from '../api/types.ts';
import { contentMark } from '../observed/daemon-set.ts';
import type { RecordedRendering } from '../observed/recorded.ts';
import type { WriteAnswer } from '../observed/snapshot.ts';
import type { EventDraft } from '../status/events.ts';
import type { DeletePod, Parking, RecordStep, Return } from '../steps/step.ts';
import type { ClusterWriter, Repetition } from './cluster.ts';
import { absentIsFine, isConflict } from './errors.ts';
import { eventOf, eventsPath, seriesOf, type EventSubject } from './event.ts';
import type { Http } from './http.ts';
import { newerRevision, revisionOf } from './records.ts';
import { deletePod } from './pods.ts';
import { pathOf, resources } from './resources.ts';
import type { LeaseObject } from './lease-store.ts';
import { nothingLeaves, sayTargets } from './lease-view.ts';
import { trimRevision, trimService } from './trim.ts';
import type { Stores } from './view.ts';

const manager = `fieldManager=${fieldManager}`;

const patchTypes = {
  apply: { contentType: 'application/apply-patch+yaml', query: '&force=true' },
  'replace-spec': { contentType: 'application/json-patch+json', query: '' },
} as const;

function daemonSetPath({ metadata }: V1DaemonSet): string {
  return pathOf(resources.daemonSets, metadata?.namespace ?? systemNamespace, metadata?.name ?? '');
}

// metav1.MicroTime has six digits.
const microTime = (milliseconds: number): string => new Date(milliseconds).toISOString().replace('Z', '000Z');

function configPath({ metadata }: KubeVipConfig): string {
  return pathOf(resources.configs, '', metadata.name);
}

const recordPath = (name?: string): string =>
  `${pathOf(resources.controllerRevisions, systemNamespace, name)}?${manager}`;

/** Writes, and keeps what the API server answered, so that the next reconcile reads its own writes. */
export class Writer implements ClusterWriter {
  readonly #http: Pick<Http, 'send'>;
  readonly #stores: Stores;

  constructor(http: Pick<Http, 'send'>, stores: Stores) {
    this.#http = http;
    this.#stores = stores;
  }

  async applyDaemonSet(object: V1DaemonSet): Promise<void> {
    await this.#patchDaemonSet('apply', object, object);
  }

  async replaceSpec(object: V1DaemonSet): Promise<void> {
    const body = [{ op: 'replace', path: '/spec', value: object.spec }];
    await this.#patchDaemonSet('replace-spec', object, body);
  }

  async deleteDaemonSet(object: V1DaemonSet): Promise<void> {
    await absentIsFine(
      this.#http.send({
        method: 'DELETE',
        path: daemonSetPath(object),
        body: { propagationPolicy: 'Foreground', preconditions: { uid: object.metadata?.uid } },
      }),
    );
  }

  async parkLease(parking: Parking): Promise<void> {
    const { name, resourceVersion, from, neverHeld, leaving, acquiredAt, renewedAt, durationSeconds } =
      parking;
    const note = neverHeld ? nothingLeaves : sayTargets(leaving);
    const spec = {
      holderIdentity: `${parkedPrefix}${from}`,
      leaseDurationSeconds: durationSeconds,
      acquireTime: microTime(acquiredAt),
      renewTime: microTime(renewedAt),
    };
    const metadata = { annotations: { [annotations.leaving]: note } };
    await (resourceVersion === undefined
      ? this.#makeLease({ metadata: { ...metadata, name }, spec })
      : this.#patchLease(name, { metadata: { ...metadata, resourceVersion }, spec }));
  }

  async returnLease({ name, resourceVersion, to, durationSeconds, renewedAt }: Return): Promise<void> {
    await this.#patchLease(name, {
      metadata: { resourceVersion, annotations: { [annotations.leaving]: null } },
      spec: {
        holderIdentity: to,
        leaseDurationSeconds: durationSeconds,
        acquireTime: microTime(renewedAt),
        renewTime: microTime(renewedAt),
      },
    });
  }

  async deleteLease(name: string): Promise<void> {
    await absentIsFine(
      this.#http.send({ method: 'DELETE', path: pathOf(resources.leases, systemNamespace, name) }),
    );
  }

  deletePod(step: DeletePod): Promise<void> {
    return deletePod(this.#http, step);
  }

  async record(config: KubeVipConfig, { record, isNew }: RecordStep): Promise<void> {
    const kept = await (isNew ? this.#keep(config, record) : this.#keepAgain(record));
    this.#stores.controllerRevisions.put(trimRevision(kept));
  }

  /** What is there under its name and was not seen has lost its label, or is of a config before: it cannot be edited. */
  async #keep(config: KubeVipConfig, record: RecordedRendering): Promise<V1ControllerRevision> {
    const create = (): Promise<V1ControllerRevision> =>
      this.#http.send({ method: 'POST', path: recordPath(), body: revisionOf(config, record) });
    try {
      return await create();
    } catch (error) {
      if (!isConflict(error)) {
        throw error;
      }
    }
    await this.forget(record.name);
    return create();
  }

  #keepAgain(record: RecordedRendering): Promise<V1ControllerRevision> {
    return this.#http.send({
      method: 'PATCH',
      path: recordPath(record.name),
      body: newerRevision(record),
      contentType: 'application/merge-patch+json',
    });
  }

  async forget(revision: string): Promise<void> {
    const path = pathOf(resources.controllerRevisions, systemNamespace, revision);
    await absentIsFine(this.#http.send({ method: 'DELETE', path }));
  }

  async addFinalizer(config: KubeVipConfig): Promise<void> {
    this.#stores.configs.put(
      await this.#setFinalizers(config, [...(config.metadata.finalizers ?? []), finalizer]),
    );
  }

  // The answer is not kept: with the last finalizer gone, the object is gone too.
  async removeFinalizer(config: KubeVipConfig): Promise<void> {
    const others = (config.metadata.finalizers ?? []).filter((name) => name !== finalizer);
    await absentIsFine(this.#setFinalizers(config, others));
  }

  writeStatus(config: KubeVipConfig, status: KubeVipConfigStatus): Promise<KubeVipConfigStatus | undefined> {
    return absentIsFine(this.#putStatus(config, status));
  }

  async annotateService(
    { metadata: { namespace = '', name = '', resourceVersion } = {} }: V1Service,
    notes: Readonly<Record<string, string | null>>,
  ): Promise<void> {
    const written = await this.#http.send<V1Service>({
      method: 'PATCH',
      path: `/api/v1/namespaces/${namespace}/services/${name}?${manager}`,
      // The version guards what was decided on: a Service that changed is decided anew.
      body: { metadata: { resourceVersion, annotations: notes } },
      contentType: 'application/merge-patch+json',
    });
    // It may have been deleted before this answer came in: what is gone must not come back, and keep its address.
    if (this.#stores.services.get(name, namespace) !== undefined) {
      this.#stores.services.put(trimService(written));
    }
  }

  async writeEvent(about: EventSubject, draft: EventDraft): Promise<string> {
    const body = eventOf(about, draft, new Date());
    const path = eventsPath(about);
    const { metadata } = await this.#http.send<KubernetesObject>({ method: 'POST', path, body });
    return metadata?.name ?? '';
  }

  async repeatEvent(about: EventSubject, name: string, { count, agoMs }: Repetition): Promise<void> {
    await this.#http.send({
      method: 'PATCH',
      path: `${eventsPath(about)}/${name}?${manager}`,
      body: seriesOf(count, new Date(Date.now() - agoMs)),
      contentType: 'application/merge-patch+json',
    });
  }

  /** The answer may be otherwise than what was asked for, as admission changes it. */
  async #patchDaemonSet(by: WriteAnswer['by'], object: V1DaemonSet, body: object): Promise<void> {
    const { contentType, query } = patchTypes[by];
    const path = `${daemonSetPath(object)}?${manager}${query}`;
    const answer = await this.#http.send<V1DaemonSet>({ method: 'PATCH', path, body, contentType });
    this.#stores.daemonSets.put(answer);
    const marks = { asked: contentMark(object), answered: contentMark(answer) };
    this.#stores.answers.set(object.metadata?.name ?? '', { at: Date.now(), by, ...marks });
  }

  async #putStatus(
    config: KubeVipConfig,
    status: KubeVipConfigStatus,
  ): Promise<KubeVipConfigStatus | undefined> {
    const written = await this.#http.send<KubeVipConfig>({
      method: 'PATCH',
      path: `${configPath(config)}/status?${manager}`,
      body: [{ op: 'add', path: '/status', value: status }],
      contentType: 'application/json-patch+json',
    });
    this.#stores.configs.put(written);
    return written.status;
  }

  async #patchLease(name: string, body: object): Promise<void> {
    const written = await this.#http.send<LeaseObject>({
      method: 'PATCH',
      path: `${pathOf(resources.leases, systemNamespace, name)}?${manager}`,
      body,
      contentType: 'application/merge-patch+json',
    });
    this.#stores.leases.put(written);
  }

  // A kube-vip that was faster is no failure: the watch tells of its Lease, which is then taken.
  async #makeLease(body: object): Promise<void> {
    const path = `${pathOf(resources.leases, systemNamespace)}?${manager}`;
    try {
      this.#stores.leases.put(await this.#http.send<LeaseObject>({ method: 'POST', path, body }));
    } catch (error) {
      if (!isConflict(error)) {
        throw error;
      }
    }
  }

  #setFinalizers(config: KubeVipConfig, finalizers: readonly string[]): Promise<KubeVipConfig> {
    const { resourceVersion } = config.metadata;
    return this.#http.send<KubeVipConfig>({
      method: 'PATCH',
      path: configPath(config),
      // The version guards the finalizers of others, which this list repeats.
      body: { metadata: { finalizers, resourceVersion } },
      contentType: 'application/merge-patch+json',
    });
  }
}
