// The loop: gather, decide, act, report. Start reading here.
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import { systemNamespace } from '../api/metadata.ts';
import type { KubeVipConfigStatus } from '../api/types.ts';
import type { ClusterView, ClusterWriter } from '../cluster/cluster.ts';
import { explain } from '../cluster/errors.ts';
import { observe } from '../modes/observe.ts';
import { decide } from '../plan/decide.ts';
import { askOf, stepsOf } from '../plan/plan.ts';
import { preflight, type Report } from '../preflight/run.ts';
import type { GrantTally } from '../observed/grant-tally.ts';
import type { Observed } from '../observed/observed.ts';
import type { Snapshot } from '../observed/snapshot.ts';
import type { StatusInput } from '../status/input.ts';
import type { RemedyStep, Step } from '../steps/step.ts';
import { eventsOf } from '../status/events.ts';
import { remediesAfter } from '../status/owners.ts';
import { nextLook, type Outcome } from '../status/outcome.ts';
import { restSeconds } from '../status/rest.ts';
import { computeStatus } from '../status/status.ts';
import type { ProbeImage } from '../render/probe-daemon-set.ts';
import { carryOut, carryOutProbes } from './act.ts';
import type { EventRecorder } from './event-recorder.ts';
import type { DepartureDialer } from './departure-dialer.ts';
import { gather } from './gather.ts';
import { NetworkMemory } from './network-memory.ts';
import { StatusMemory } from './status-memory.ts';

/** What a reconciler reads from and writes to. */
export interface ReconcilerOptions {
  readonly view: ClusterView;
  readonly writer: ClusterWriter;
  /** Node that this process runs on; undefined: not told. */
  readonly operatorNode?: string | undefined;
  /** Undefined: none are written. */
  readonly events?: Pick<EventRecorder, 'record'> | undefined;
  /** Undefined when addresses are not to be asked. */
  readonly addresses?: Pick<DepartureDialer, 'follow' | 'heard'> | undefined;
  /** What is known of the network; undefined: nothing yet. */
  readonly network?: NetworkMemory;
  /** What was counted of the grants of a config; undefined: nothing is counted. */
  readonly tallyOf?: (config: string) => GrantTally | undefined;
  readonly log: Logger;
  /** What probes run; undefined while, or where, it is not known. */
  readonly probeImage: () => ProbeImage | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told of every DaemonSet that was put back as it should be. */
  readonly onRepair?: (daemonSet: string) => void;
  /** Told of every pod that was ended because of an address. */
  readonly onRemedy?: (config: string, remedy: RemedyStep) => void;
}

/** Brings the cluster to what one config asks for, one pass at a time: gather, decide, act, report. */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #memory: StatusMemory;
  readonly #network: NetworkMemory;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#memory = new StatusMemory(options.now);
    this.#network = options.network ?? new NetworkMemory();
  }

  /** One pass over one config. Never throws: what goes wrong is an outcome. */
  async reconcile(name: string): Promise<Outcome> {
    const { view, now, operatorNode, addresses } = this.#options;
    const log = this.#options.log.child({ kubeVipConfig: name });
    try {
      const time = now();
      this.#network.learn(view.probePodsOf(name), time);
      const snapshot = gather(view, name, {
        namespace: systemNamespace,
        now: time,
        operatorNode,
        probeImage: this.#options.probeImage(),
        heard: addresses?.heard(name),
        grants: this.#options.tallyOf?.(name),
        memory: this.#memory,
        network: this.#network,
      });
      if (snapshot === undefined) {
        addresses?.follow(name, undefined);
        this.#memory.forget(name);
        this.#network.forget(name);
        return { kind: 'done' };
      }
      return await this.#converge(snapshot, log);
    } catch (error) {
      const { cause, todo } = explain(error);
      log.warn({ cause, todo }, 'reconcile failed');
      return { kind: 'failed', error: error instanceof Error ? error : new Error(cause) };
    }
  }

  async #converge(snapshot: Snapshot, log: Logger): Promise<Outcome> {
    const observed = observe(snapshot);
    const report = preflight(observed);
    const plan = decide(observed, report);
    this.#options.addresses?.follow(snapshot.config.metadata.name, askOf(plan));
    const acted = await carryOut(this.#options.writer, snapshot.config, plan, {
      log,
      onStep: (step) => this.#count(snapshot.config.metadata.name, step),
    });
    if (acted.kind === 'done' && stepsOf(plan).some(({ kind }) => kind === 'remove-finalizer')) {
      log.info('deleted');
      return acted;
    }
    await carryOutProbes(this.#options.writer, snapshot.config, plan, log);
    this.#noteAsked(observed, report);
    const status = await this.#report({ observed, report, plan, acted, now: toRfc3339(snapshot.now) });
    return nextLook(plan, observed.asked, acted, restSeconds({ observed, report, plan, status }));
  }

  /** A run that began just now asks the nodes whose the MACs are that none of them has told. */
  #noteAsked({ components, snapshot }: Observed, { nodes }: Report): void {
    for (const [kind, { run, isAsking }] of nodes) {
      const { name, witnessed } = components[kind];
      if (isAsking && run?.started.text === undefined) {
        this.#network.asked(name, witnessed?.unrecognised ?? [], snapshot.now);
      }
    }
  }

  #count(config: string, step: Step): void {
    if (step.kind === 'delete-pod' && step.why === 'second-owner') {
      this.#options.onRemedy?.(config, step);
    }
    if ('why' in step && step.why === 'drifted') {
      this.#options.onRepair?.(step.object.metadata?.name ?? '');
    }
  }

  /** The only writer of status. */
  async #report(input: StatusInput): Promise<KubeVipConfigStatus> {
    const { observed, now } = input;
    const { config } = observed.snapshot;
    const { name } = config.metadata;
    const computed = computeStatus(input);
    this.#network.keep(name, { ownerHistory: observed.ownerHistory, remedies: remediesAfter(input) }, now);
    if (isOtherwise(computed.status, config.status) || this.#memory.isToBeWritten(name)) {
      const stored = await this.#options.writer.writeStatus(config, computed.status);
      this.#memory.keep(name, computed.status, stored);
      this.#options.events?.record(config, eventsOf(config.status, computed, input));
    }
    return computed.status;
  }
}

const withoutHistory = (status: KubeVipConfigStatus | undefined): KubeVipConfigStatus => ({
  ...status,
  history: [],
});

/** Who answered before is written with what is written anyway. */
const isOtherwise = (next: KubeVipConfigStatus, last: KubeVipConfigStatus | undefined): boolean =>
  last === undefined || !isDeepStrictEqual(withoutHistory(next), withoutHistory(last));

// metav1.Time has whole seconds; more digits would be cut off and look like a change ever after.
function toRfc3339(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}
