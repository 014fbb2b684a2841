// The loop that keeps the MAC addresses of nodes: when it reads, and when it writes.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { pino } from 'pino';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { ApiError } from '../../src/cluster/errors.ts';
import { MacKeeper } from '../../src/controller/mac-keeper.ts';
import { NetworkMemory } from '../../src/controller/network-memory.ts';
import { kubeVipConfig, now } from '../builders.ts';
import { macOf } from '../witness-world.ts';
import { fiveNodes } from '../witness/world.ts';

const line = (node: string): string => `${node} ${macOf(node)}/eth0\n`;

/** A ConfigMap, and every request in order. */
class World {
  readonly calls: string[] = [];
  readonly memory = new NetworkMemory();
  configs: readonly KubeVipConfig[] = [kubeVipConfig()];
  stored: string | undefined;
  refused = 0;
  readonly #run = Math.random();

  readonly keeper = new MacKeeper({
    view: { configs: () => this.configs, nodes: () => fiveNodes },
    access: {
      readMacs: async () => (this.#call('read'), this.stored),
      writeMacs: async (text) => {
        this.#call('write');
        this.stored = text;
      },
      deleteMacs: async () => {
        this.#call('delete');
        this.stored = undefined;
      },
    },
    memory: this.memory,
    onRead: () => void this.calls.push('is read'),
    log: pino({ enabled: false }),
  });

  #call(call: string): void {
    this.calls.push(call);
    if (this.refused > 0) {
      this.refused -= 1;
      throw new ApiError(503, call, 'unavailable');
    }
  }

  tell(node: string, mac = macOf(node)): void {
    const report = { run: this.#run, macs: [mac], interface: { name: 'eth0', isUp: true, mac, subnets: [] } };
    const messages = [JSON.stringify(report)];
    const pod = {
      component: 'services',
      node,
      messages,
      boundAt: undefined,
      takenOnAt: undefined,
      trouble: '',
    };
    this.memory.learn([{ ...pod, component: 'services' }], now);
  }

  /** What was done meanwhile. */
  async within(seconds: number): Promise<readonly string[]> {
    const before = this.calls.length;
    await jest.advanceTimersByTimeAsync(seconds * 1000);
    return this.calls.slice(before);
  }
}

let world: World;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
  world = new World();
});

afterEach(() => {
  world.keeper.stop();
  jest.useRealTimers();
});

describe('the keeper of MAC addresses', () => {
  it('reads what an earlier leader kept, of the nodes that there are, and writes nothing', async () => {
    world.stored = line('n1') + line('n9');
    world.keeper.start();
    expect(world.memory.book.isAwaited).toBe(true);
    await world.within(120);
    expect(world.calls).toEqual(['read', 'is read']);
    expect(world.memory.book).toMatchObject({ isAwaited: false, nodes: { [macOf('n1')]: { node: 'n1' } } });
    expect(world.memory.book.nodes[macOf('n9')]).toBeUndefined();
  });

  it('writes once what several nodes tell within seconds, and then rests', async () => {
    world.keeper.start();
    await world.within(1);
    for (const node of ['n1', 'n2', 'n3']) {
      world.tell(node);
      await world.within(1);
    }
    expect(await world.within(300)).toEqual(['write']);
    expect(world.stored).toBe(line('n1') + line('n2') + line('n3'));
  });

  it('writes every half minute while nodes tell for longer', async () => {
    world.keeper.start();
    await world.within(1);
    for (let second = 0; second < 120; second += 1) {
      world.tell('n1', `02:00:00:00:01:${second.toString(16).padStart(2, '0')}`);
      await world.within(1);
    }
    const writes = world.calls.filter((call) => call === 'write').length;
    expect([writes >= 3, writes <= 5]).toEqual([true, true]);
  });

  it('writes nothing that is the same', async () => {
    world.stored = line('n1');
    world.keeper.start();
    await world.within(1);
    world.tell('n1', '02:00:00:00:01:01');
    world.tell('n1');
    expect(await world.within(60)).toEqual([]);
  });

  it('tries again what was refused, more and more rarely', async () => {
    world.keeper.start();
    await world.within(1);
    world.tell('n1');
    world.refused = 3;
    expect(await world.within(60)).toEqual(['write', 'write', 'write']);
    expect(await world.within(120)).toEqual(['write']);
    expect(world.stored).toBe(line('n1'));
  });

  it('lets the nodes be asked where nothing can be read', async () => {
    world.refused = 9;
    world.keeper.start();
    await world.within(14);
    expect(world.calls).toEqual(['read', 'read', 'read']);
    expect(world.memory.book.isAwaited).toBe(true);
    expect(await world.within(60)).toEqual(['read', 'is read']);
    expect(world.memory.book.isAwaited).toBe(false);
  });

  it('keeps nothing where no KubeVipConfig wants witnesses, and all again where one does', async () => {
    world.keeper.start();
    world.tell('n1');
    await world.within(30);
    world.configs = [kubeVipConfig({ spec: { witness: 'Off' } })];
    expect(await world.within(60)).toEqual(['delete']);
    world.configs = [kubeVipConfig()];
    expect(await world.within(60)).toEqual(['write']);
    expect(world.stored).toBe(line('n1'));
  });

  it('does nothing after its end', async () => {
    world.keeper.start();
    await world.within(1);
    world.tell('n1');
    world.keeper.stop();
    await world.keeper.ended();
    expect(await world.within(60)).toEqual([]);
  });
});
