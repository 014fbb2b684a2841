// Counts what the parts tell, and writes it down with the gauges in Prometheus' format. The registry is its
// own: what has no row cannot be exported.
import { readdirSync } from 'node:fs';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { componentKindsOf } from './api/defaults.ts';
import { configOfComponent } from './api/metadata.ts';
import type { Answered } from './cluster/http.ts';
import { resources, type Resource } from './cluster/resources.ts';
import type { Observer } from './controller/controller-options.ts';
import { rowList, type Labels, type MetricName, type NameOf, type Sample } from './metrics/rows.ts';
import type { Row } from './metrics/row.ts';
import { samples, type Facts } from './metrics/samples.ts';
import type { LeaseView } from './observed/snapshot.ts';
import type { Outcome } from './status/outcome.ts';

const outcomes: readonly Outcome['kind'][] = ['done', 'waiting', 'stalled', 'failed'];

// prom-client has a set of its own, but keeps a timer of 10 ms running for it.
function processSamples(): readonly Sample[] {
  const { rss, heapUsed } = process.memoryUsage();
  return [
    { name: 'process_resident_memory_bytes', labels: {}, value: rss },
    { name: 'nodejs_heap_used_bytes', labels: {}, value: heapUsed },
    { name: 'process_start_time_seconds', labels: {}, value: performance.timeOrigin / 1000 },
    { name: 'process_open_fds', labels: {}, value: openFiles() },
  ];
}

function openFiles(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return Number.NaN;
  }
}

/** Labels of one function, from the name of its DaemonSet or Lease; undefined for a name that is not ours. */
function functionOf(name: string): Labels | undefined {
  const kubevipconfig = configOfComponent(name);
  return kubevipconfig === undefined
    ? undefined
    : { kubevipconfig, function: name.slice(kubevipconfig.length + 1) };
}

/** Counts what the running parts tell, asks for gauges at each scrape, and holds the registry of both. */
export class Meter implements Observer {
  readonly #registry = new Registry();
  readonly #counters = new Map<MetricName, Counter>();
  readonly #gauges = new Map<MetricName, Gauge>();
  readonly #histograms = new Map<MetricName, Histogram>();
  /** Who held each Lease last; a Lease that is given back keeps its entry. */
  readonly #holders = new Map<string, string>();

  constructor() {
    rowList.forEach(([name, row]) => this.#make(name, row));
    // A counter that starts with its first event hides that event from rate().
    outcomes.forEach((outcome) => this.#count('kube_vip_operator_reconciles_total', { outcome }, 0));
    for (const { plural } of Object.values(resources)) {
      this.#count('kube_vip_operator_watch_failures_total', { resource: plural }, 0);
      this.#count('kube_vip_operator_watch_wait_seconds_total', { resource: plural }, 0);
    }
  }

  /** Value of the Content-Type header of {@link expose}. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  answered({ verb, code, seconds }: Answered): void {
    this.#count('kube_vip_operator_api_requests_total', { verb, code });
    this.#time('kube_vip_operator_api_request_duration_seconds', { verb }, seconds);
    this.#count('kube_vip_operator_api_throttled_total', {}, code === '429' ? 1 : 0);
  }

  waited(ms: number): void {
    this.#count('kube_vip_operator_api_wait_seconds_total', {}, ms / 1000);
  }

  reconciled(outcome: Outcome['kind'], seconds: number): void {
    this.#count('kube_vip_operator_reconciles_total', { outcome });
    this.#time('kube_vip_operator_reconcile_duration_seconds', {}, seconds);
  }

  repaired(daemonSet: string): void {
    this.#count('kube_vip_operator_drift_repairs_total', functionOf(daemonSet) ?? {});
  }

  remedied(daemonSet: string): void {
    this.#count('kube_vip_operator_remedies_total', functionOf(daemonSet) ?? {});
  }

  watchFailed({ plural: resource }: Resource, retryMs: number): void {
    this.#count('kube_vip_operator_watch_failures_total', { resource });
    this.#count('kube_vip_operator_watch_wait_seconds_total', { resource }, retryMs / 1000);
  }

  leasesSeen(leases: readonly Pick<LeaseView, 'name' | 'holder'>[], isAll: boolean): void {
    if (isAll) {
      const names = new Set(leases.map(({ name }) => name));
      [...this.#holders.keys()]
        .filter((name) => !names.has(name))
        .forEach((name) => this.#holders.delete(name));
    }
    for (const { name, holder } of leases) {
      const labels = functionOf(name);
      const old = this.#holders.get(name) ?? '';
      // Who takes back what was given back is no new holder.
      this.#holders.set(name, holder === '' ? old : holder);
      if (labels && holder !== '' && old !== '' && old !== holder) {
        this.#count('kube_vip_operator_function_holder_changes_total', labels);
      }
    }
  }

  /** Everything, as text; the series of objects that are gone are taken out. */
  async expose(facts: Facts): Promise<string> {
    const names = new Set(facts.configs.map(({ metadata }) => metadata.name));
    await this.#forget((name) => !names.has(name));
    this.#startCounters(facts);
    this.#setGauges([...samples(facts), ...processSamples()]);
    this.#setCpu();
    return this.#registry.metrics();
  }

  #make(name: MetricName, { type, help, labels, buckets = [] }: Row): void {
    const base = { name, help, labelNames: [...labels], registers: [this.#registry] };
    switch (type) {
      case 'counter':
        this.#counters.set(name, new Counter(base));
        break;
      case 'gauge':
        this.#gauges.set(name, new Gauge(base));
        break;
      case 'histogram':
        this.#histograms.set(name, new Histogram({ ...base, buckets: [...buckets] }));
    }
  }

  #count(name: NameOf<'counter'>, labels: Labels, by = 1): void {
    this.#counters.get(name)?.inc(labels, by);
  }

  #time(name: NameOf<'histogram'>, labels: Labels, seconds: number): void {
    this.#histograms.get(name)?.observe(labels, seconds);
  }

  #setGauges(all: readonly Sample[]): void {
    // A gauge without labels is then 0 for a moment, in which nothing reads.
    this.#gauges.forEach((gauge) => gauge.reset());
    all.forEach(({ name, labels, value }) => this.#gauges.get(name)?.set(labels, value));
  }

  #setCpu(): void {
    const { user, system } = process.cpuUsage();
    this.#counters.get('process_cpu_seconds_total')?.reset();
    this.#count('process_cpu_seconds_total', {}, (user + system) / 1_000_000);
  }

  #startCounters({ configs }: Facts): void {
    for (const config of configs) {
      for (const component of componentKindsOf(config.spec)) {
        const labels = { kubevipconfig: config.metadata.name, function: component };
        this.#count('kube_vip_operator_function_holder_changes_total', labels, 0);
        this.#count('kube_vip_operator_drift_repairs_total', labels, 0);
        this.#count('kube_vip_operator_remedies_total', labels, 0);
      }
    }
  }

  async #forget(isGone: (config: string) => boolean): Promise<void> {
    for (const counter of this.#counters.values()) {
      const { values } = await counter.get();
      for (const { labels } of values) {
        if (typeof labels['kubevipconfig'] === 'string' && isGone(labels['kubevipconfig'])) {
          counter.remove(labels);
        }
      }
    }
  }
}
