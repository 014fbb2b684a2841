// Keeps the witnesses: their places, their questions and their Leases. It has a queue of its own, because they belong to the cluster
// and to no KubeVipConfig. It looks at most once a second, and each look makes at most one write.
import type { KubernetesObject, V1DaemonSet } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import { configOfComponent, systemNamespace, witnessLeaseName, witnessOfLease } from '../api/metadata.ts';
import type { ClusterView, ClusterWriter, WitnessAccess } from '../cluster/cluster.ts';
import { explain } from '../cluster/errors.ts';
import type { ResourceName } from '../cluster/resources.ts';
import type { WitnessLease } from '../cluster/witness-access.ts';
import type { Looked } from '../cluster/witness-view.ts';
import { nameOf } from '../observed/pods.ts';
import type { ProbeImage } from '../render/probe-daemon-set.ts';
import type { Outcome } from '../status/outcome.ts';
import { silentSeconds } from '../witness/contract.ts';
import { nothingCovered, type WitnessCoverage } from '../witness/coverage.ts';
import { groupsIn, quietFor, type SaidOfGroups } from '../witness/former.ts';
import { nothingRemembered, planWitnesses, type WitnessMemory, type WitnessPlan } from '../witness/plan.ts';
import { parseQuestions } from '../witness/questions.ts';
import { objectOfStep, segmentOfDaemonSet, witnessSteps, type WitnessStep } from '../witness/steps.ts';
import type { LeaderOnly } from './leader-only.ts';
import { Queue } from './queue.ts';

/** What a keeper of witnesses is made from. */
export interface WitnessKeeperOptions {
  readonly view: Pick<ClusterView, 'configs' | 'nodes' | 'services' | 'daemonSets' | 'leases' | 'lease'>;
  readonly access: WitnessAccess;
  readonly writer: Pick<ClusterWriter, 'applyDaemonSet' | 'deleteDaemonSet' | 'deleteLease'>;
  readonly leases: () => readonly WitnessLease[];
  /** What the API server made of the last apply of a DaemonSet, as a fingerprint. */
  readonly answered: (daemonSet: string) => string | undefined;
  readonly image: () => ProbeImage | undefined;
  readonly log: Logger;
  /** Told of each look. */
  readonly onLook?: (looked: Looked & { readonly coverage: WitnessCoverage }) => void;
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number;
  /** Milliseconds, never going back. */
  readonly now: () => number;
}

const key = 'witnesses';
const pauseMs = 1000;
// Events come while it fails: with an older config/rbac, each of them would be a request that is refused.
const longestPauseMs = 60_000;
// As of the granter: a look takes little, and what the process used meanwhile was used by something else.
const usedMs = (): number => 0;

/** Works only between {@link start} and {@link stop}. */
export class WitnessKeeper implements LeaderOnly {
  readonly #options: WitnessKeeperOptions;
  readonly #queue: Queue;
  readonly #holders = new Map<string, string>();
  #memory: WitnessMemory = nothingRemembered;
  /** As the ConfigMaps have them; undefined: not read yet. */
  #questions: Map<string, string> | undefined;
  #coverage = nothingCovered;
  #lastLook = -Infinity;
  #restMs = pauseMs;
  #leastRestMs = pauseMs;

  constructor(options: WitnessKeeperOptions) {
    this.#options = options;
    const work = (): Promise<Outcome> => this.#work();
    this.#queue = new Queue({ work, now: options.now, random: Math.random, usedMs });
  }

  start(): void {
    this.#queue.start();
    this.#queue.add(key);
  }

  stop(): void {
    this.#queue.stop();
  }

  /** Resolves when the write that was under way at {@link stop} has ended. */
  ended(): Promise<void> {
    return this.#queue.ended();
  }

  /** How long the present look has taken, in milliseconds; 0 when idle. */
  get busyMs(): number {
    return this.#queue.busyMs;
  }

  /** Something has come, changed or gone. */
  seen(resource: ResourceName, object: KubernetesObject): void {
    if (this.#isNews(resource, nameOf(object))) {
      this.#queue.add(key);
    }
  }

  /** Anything may have changed. */
  listed(): void {
    this.#queue.add(key);
  }

  /** Everything is looked at again, and the questions are read anew. */
  compareAll(): void {
    this.#questions = undefined;
    this.#queue.add(key);
  }

  /** A Lease is renewed every other second: its holder is the news, and of a witness that its Lease is gone. */
  #isNews(resource: ResourceName, name: string): boolean {
    if (resource === 'leases') {
      return witnessOfLease(name) !== undefined
        ? this.#options.view.lease(name) === undefined
        : configOfComponent(name) !== undefined && this.#hasNewHolder(name);
    }
    return ['configs', 'nodes', 'services', 'daemonSets'].includes(resource);
  }

  #hasNewHolder(name: string): boolean {
    const { holder = '' } = this.#options.view.lease(name) ?? {};
    const before = this.#holders.get(name);
    this.#holders.set(name, holder);
    return before !== holder;
  }

  async #work(): Promise<Outcome> {
    const { now } = this.#options;
    const restMs = this.#lastLook + this.#restMs - now();
    if (restMs > 0) {
      return { kind: 'waiting', afterSeconds: restMs / 1000 };
    }
    this.#lastLook = now();
    try {
      const outcome = await this.#look();
      this.#restMs = this.#leastRestMs;
      return outcome;
    } catch (error) {
      this.#options.log.warn(explain(error), 'witnesses not kept, trying again');
      this.#restMs = Math.min(longestPauseMs, this.#restMs * 2);
      return { kind: 'waiting', afterSeconds: this.#restMs / 1000 };
    }
  }

  async #look(): Promise<Outcome> {
    const questions = (this.#questions ??= await this.#read());
    const plan = this.#plan();
    this.#tell(plan);
    const [step, ...more] = witnessSteps(plan, {
      questions,
      leases: this.#options.leases(),
      daemonSets: this.#daemonSets(),
      answered: this.#options.answered,
    });
    if (step !== undefined) {
      await this.#act(step, questions);
    }
    this.#options.onLook?.({ questions, former: plan.memory.former, coverage: plan.coverage });
    // The watch has to bring what was written, before another look could take it for missing.
    const soon = step !== undefined || more.length > 0 ? pauseMs : plan.afterMs;
    return soon === undefined
      ? { kind: 'done' }
      : { kind: 'waiting', afterSeconds: Math.max(pauseMs, soon) / 1000 };
  }

  /** With 20,000 Services a plan takes some tenths of a second: however much changes, it is made in a tenth of the time. */
  #plan(): WitnessPlan {
    const { now } = this.#options;
    const since = now();
    const plan = planWitnesses(this.#facts(), this.#memory);
    this.#memory = plan.memory;
    this.#leastRestMs = Math.max(pauseMs, 10 * (now() - since));
    return plan;
  }

  /** An earlier leader has asked: what it asked for and nothing claims now may be on a node. */
  async #read(): Promise<Map<string, string>> {
    const found = new Map(await this.#options.access.readQuestions());
    const asked = [...found.values()].flatMap((text) => parseQuestions(text)?.addresses ?? []);
    if (this.#memory === nothingRemembered) {
      this.#memory = { ...nothingRemembered, asked: new Set(asked) };
    }
    return found;
  }

  #daemonSets(): ReadonlyMap<string, V1DaemonSet> {
    const own = this.#options.view
      .daemonSets()
      .filter((row) => segmentOfDaemonSet(nameOf(row)) !== undefined);
    return new Map(own.map((row) => [nameOf(row), row] as const));
  }

  #facts(): Parameters<typeof planWitnesses>[0] {
    const { view, image, now, wallNow } = this.#options;
    const leases = Map.groupBy(this.#options.leases(), ({ segment }) => segment);
    const fresh = (segment: string): readonly SaidOfGroups[] =>
      (leases.get(segment) ?? [])
        .filter(({ ageMs }) => ageMs < silentSeconds * 1000)
        .flatMap(({ answers = '' }) => groupsIn(answers) ?? []);
    const heard = new Map<string, readonly SaidOfGroups[]>();
    return {
      configs: view.configs(),
      nodes: view.nodes(),
      services: view.services(),
      daemonSets: view.daemonSets(),
      leases: view.leases(),
      image: image(),
      namespace: systemNamespace,
      chosen: (segment) => (leases.get(segment) ?? []).map(({ node }) => node),
      quietFor: (segment, address) => {
        heard.set(segment, heard.get(segment) ?? fresh(segment));
        return quietFor(heard.get(segment) ?? [], address);
      },
      wallNow: wallNow(),
      now: now(),
    };
  }

  #tell({ coverage }: WitnessPlan): void {
    if (JSON.stringify(coverage) !== JSON.stringify(this.#coverage)) {
      this.#coverage = coverage;
      this.#options.log.info(coverage, 'witnesses planned');
    }
  }

  async #act(step: WitnessStep, questions: Map<string, string>): Promise<void> {
    await this.#write(step, questions);
    this.#options.log.info({ step: step.kind, object: objectOfStep(step) }, 'witness step done');
  }

  async #write(step: WitnessStep, questions: Map<string, string>): Promise<void> {
    const { access, writer } = this.#options;
    switch (step.kind) {
      case 'write-questions':
        await access.writeQuestions(step.segment, step.questions);
        questions.set(step.segment, step.questions);
        return;
      case 'delete-questions':
        await access.deleteQuestions(step.segment);
        questions.delete(step.segment);
        return;
      case 'make-lease':
        return access.makeWitnessLease(step.segment, step.node);
      case 'delete-lease':
        return writer.deleteLease(witnessLeaseName(step.segment, step.node));
      case 'apply':
        return writer.applyDaemonSet(step.object);
      case 'delete':
        return writer.deleteDaemonSet(step.object);
    }
  }
}
