// A segment of network namespaces with a witness of its own, without a cluster: what it prints is what it would write.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, startDaemon, stopDaemon, waitFor, type Daemon } from './process.ts';

/** An interface that answers for an address. */
export interface OwnerSeen {
  readonly mac: string;
  readonly since: number;
  readonly last: number;
  readonly self?: boolean;
}

/** What is known of one address. */
export interface Seen {
  readonly address: string;
  readonly owners: readonly OwnerSeen[];
  readonly silentSince?: number;
}

/** What a witness writes. */
export interface Answers {
  readonly seq: number;
  readonly revision: string;
  readonly at: number;
  readonly interface: string;
  readonly missing: readonly string[];
  readonly trouble: string;
  readonly control: readonly (Seen & { readonly asked: number })[];
  readonly groups: readonly {
    readonly name: string;
    readonly count: number;
    readonly roundMs: number;
    readonly owners: readonly { readonly mac: string; readonly count: number }[];
    readonly odd: readonly Seen[];
    readonly more: number;
  }[];
  readonly heard: readonly { readonly address: string; readonly mac: string }[];
}

/** What a witness is asked. */
export interface Questions {
  readonly subnets: readonly string[];
  readonly control: readonly string[];
  readonly services?: readonly string[];
}

let made = 0;

/** Hosts on one bridge, each in a namespace: `a` has 203.0.113.11, `b` has 203.0.113.12 and so on. */
export class Segment {
  private readonly id = `kvw-${process.pid}-${++made}`;
  private readonly work = mkdtempSync(join(tmpdir(), 'witness-'));
  private daemon: Daemon | undefined;
  readonly hosts: readonly string[];

  constructor(...hosts: readonly string[]) {
    this.hosts = hosts;
  }

  netns(host: string): string {
    return `${this.id}-${host}`;
  }

  async make(): Promise<void> {
    if (process.getuid?.() !== 0)
      throw new Error(
        'a segment of network namespaces: expected to run as root, found an ordinary user; packet sockets need it too',
      );
    const hub = this.netns('hub');
    await run(['ip', 'netns', 'add', hub]);
    await this.in('hub', 'ip', 'link', 'add', 'br0', 'up', 'type', 'bridge', 'forward_delay', '0');
    for (const [index, host] of this.hosts.entries()) await this.addHost(host, index);
  }

  private async addHost(host: string, index: number): Promise<void> {
    const netns = this.netns(host);
    await run(['ip', 'netns', 'add', netns]);
    const pair = ['type', 'veth', 'peer', 'name', 'eth0', 'netns', netns];
    await this.in('hub', 'ip', 'link', 'add', `to-${host}`, ...pair);
    await this.in('hub', 'ip', 'link', 'set', `to-${host}`, 'master', 'br0', 'up');
    await this.in(host, 'ip', 'link', 'set', 'lo', 'up');
    // Without the search for duplicates, which takes a second.
    await this.in(host, 'sysctl', '-qw', 'net.ipv6.conf.all.accept_dad=0', 'net.ipv6.conf.eth0.accept_dad=0');
    await this.in(host, 'ip', 'link', 'set', 'eth0', 'up');
    await this.give(host, `203.0.113.${11 + index}/24`);
    await this.give(host, `2001:db8::${11 + index}/64`);
  }

  /** Runs a command on a host. */
  in(host: string, ...command: readonly string[]): Promise<string> {
    return run(['ip', 'netns', 'exec', this.netns(host), ...command]);
  }

  /** Gives a host an address; without a length, as kube-vip does. */
  async give(host: string, address: string, link = 'eth0'): Promise<void> {
    const nodad = address.includes(':') ? ['nodad'] : [];
    await this.in(host, 'ip', 'address', 'add', address, 'dev', link, ...nodad);
  }

  async take(host: string, address: string, link = 'eth0'): Promise<void> {
    await this.in(host, 'ip', 'address', 'delete', address, 'dev', link);
  }

  async mac(host: string, link = 'eth0'): Promise<string> {
    return (await this.in(host, 'cat', `/sys/class/net/${link}/address`)).trim();
  }

  /** Starts the witness on a host. */
  witness(binary: string, host: string, { subnets, control, services = [] }: Questions): void {
    mkdirSync(this.work, { recursive: true });
    const file = join(this.work, 'questions.json');
    const asked = {
      v: 1,
      revision: 'r',
      subnets,
      control: control.map((address) => ({ address })),
      groups: services.length === 0 ? [] : [{ name: 'services', addresses: services }],
    };
    writeFileSync(file, JSON.stringify(asked));
    writeFileSync(this.logFile, '');
    this.daemon = startDaemon({
      name: 'witness',
      command: ['nsenter', `--net=/run/netns/${this.netns(host)}`, binary, '-questions', file],
      logFile: this.logFile,
      dieWithParent: true,
    });
  }

  private get logFile(): string {
    return join(this.work, 'answers');
  }

  /** The process id of the witness. */
  get pid(): number {
    return this.daemon?.pid ?? 0;
  }

  /** Everything that the witness has answered. */
  all(): readonly Answers[] {
    return readFileSync(this.logFile, 'utf8')
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.startsWith('{"v":1'))
      .map((line) => JSON.parse(line) as Answers);
  }

  /** The last answers. */
  last(): Answers | undefined {
    return this.all().at(-1);
  }

  /** Waits until the last answers are as expected, and returns how many milliseconds that took. */
  async until(what: string, check: (answers: Answers) => boolean, seconds = 20): Promise<number> {
    const begin = Date.now();
    const isThere = (): boolean => {
      const last = this.last();
      return last !== undefined && check(last);
    };
    try {
      await waitFor(what, isThere, { seconds, everyMs: 20 });
    } catch (cause) {
      throw new Error(`expected ${what}, found ${JSON.stringify(this.last())}`, { cause });
    }
    return Date.now() - begin;
  }

  async stopWitness(): Promise<void> {
    if (this.daemon !== undefined) await stopDaemon(this.daemon);
    this.daemon = undefined;
  }

  async remove(): Promise<void> {
    await this.stopWitness();
    for (const host of [...this.hosts, 'hub'])
      await run(['ip', 'netns', 'delete', this.netns(host)]).catch(() => '');
    rmSync(this.work, { recursive: true, force: true });
  }
}
