// What the operator remembers of MACs and of owners.
import { describe, expect, it } from '@jest/globals';
import type { ProbePod } from '../../src/observed/snapshot.ts';
import { NetworkMemory } from '../../src/controller/network-memory.ts';
import { now, nowText } from '../builders.ts';

const a = '02:00:00:00:00:0a';
const b = '02:00:00:00:00:0b';
const says = (node: string, run: string, macs: readonly string[], mac = macs[0] ?? ''): ProbePod => ({
  component: 'control-plane',
  node,
  messages: [JSON.stringify({ run, macs, interface: { name: 'eth0', isUp: true, mac, subnets: [] } })],
  boundAt: undefined,
  takenOnAt: undefined,
  trouble: '',
});
const learned = (...reports: readonly (readonly ProbePod[])[]): NetworkMemory => {
  const memory = new NetworkMemory();
  reports.forEach((pods, i) => memory.learn(pods, now + i));
  return memory;
};

describe('the operator', () => {
  it('learns the MACs of a node, and the interface of one', () => {
    const { nodes, toldAt } = learned([says('n1', 'r', [a, b])]).book;
    expect(Object.entries(nodes)).toEqual([
      [a, { node: 'n1', interface: 'eth0' }],
      [b, { node: 'n1', interface: undefined }],
    ]);
    expect(Object.entries(toldAt)).toEqual([['n1', now]]);
  });

  it('learns each report once', () => {
    const pods = [says('n1', 'r', [a])];
    expect(learned(pods, pods).book.toldAt['n1']).toBe(now);
  });

  it('forgets a card that was changed', () => {
    const { nodes, toldAt } = learned([says('n1', 'r1', [a])], [says('n1', 'r2', [b])]).book;
    expect([Object.keys(nodes), toldAt['n1']]).toEqual([[b], now + 1]);
  });

  it('takes a card that another node has now for that of the other', () => {
    const { nodes } = learned([says('n1', 'r', [a]), says('n2', 'r', [a])]).book;
    expect(nodes[a]?.node).toBe('n2');
  });

  it.each([
    ['no report', 'x'],
    ['nothing', '{}'],
  ])('learns nothing from %s', (_, message) => {
    expect(learned([{ ...says('n1', 'r', []), messages: [message] }]).book.nodes).toEqual({});
  });

  it.each([
    ['other MACs', [says('n1', 'r2', [b])], 2],
    ['another interface', [says('n1', 'r2', [a, b], b)], 2],
    ['the same again', [says('n1', 'r2', [a])], 1],
    ['nothing', [{ ...says('n1', 'r2', []), messages: ['{}'] }], 1],
  ])('is of another version when a node tells %s', (_, pods, version) => {
    expect(learned([says('n1', 'r', [a])], pods).version).toBe(version);
  });

  it('takes a card back from a node that told it once and has it no more', () => {
    const { nodes } = learned([says('n1', 'r1', [a])], [says('n2', 'r1', [a])], [says('n1', 'r2', [b])]).book;
    expect(nodes).toMatchObject({ [a]: { node: 'n2' }, [b]: { node: 'n1' } });
  });

  it('remembers for whom the nodes were asked, for an hour', () => {
    const memory = new NetworkMemory();
    memory.asked('edge-services', [a], now);
    memory.asked('edge-services', [b], now + 3_600_001);
    expect(Object.keys(memory.book.askedAt)).toEqual([`edge-services ${b}`]);
  });

  it('remembers owners and remedies of a config until that is gone', () => {
    const memory = new NetworkMemory();
    const change = { address: '203.0.113.100', owners: ['n1'], at: { at: now } };
    memory.keep('edge', { ownerHistory: [change], remedies: [] }, nowText);
    expect(memory.past('edge')).toEqual({
      ownerHistory: [{ ...change, at: { at: now, text: nowText } }],
      remedies: [],
    });
    memory.forget('edge');
    expect(memory.past('edge')).toBeUndefined();
  });
});

describe('what an earlier leader has kept', () => {
  const kept = [
    { node: 'n1', mac: a, interface: 'eth0' },
    { node: 'n2', mac: b, interface: undefined },
  ];
  it('is awaited, then known', () => {
    const memory = new NetworkMemory();
    expect(memory.book.isAwaited).toBe(false);
    memory.expect();
    expect(memory.book.isAwaited).toBe(true);
    memory.restore(kept);
    expect(memory.book).toMatchObject({
      isAwaited: false,
      nodes: {
        [a]: { node: 'n1', interface: 'eth0', isKept: true },
        [b]: { node: 'n2', interface: undefined, isKept: true },
      },
    });
  });

  it('was told before any question', () => {
    const memory = new NetworkMemory();
    memory.restore(kept);
    expect(memory.book.toldAt).toEqual({ n1: 0, n2: 0 });
  });

  it('is no news', () => {
    const memory = new NetworkMemory();
    memory.restore(kept);
    expect(memory.version).toBe(0);
    memory.learn([says('n1', 'r', [a])], now);
    expect(memory.version).toBe(0);
    expect(memory.book.nodes[a]).toEqual({ node: 'n1', interface: 'eth0' });
  });

  it('counts less than what a node has told since', () => {
    const memory = learned([says('n1', 'r', [b])]);
    memory.restore(kept);
    expect(memory.book.nodes).toEqual({ [b]: { node: 'n1', interface: 'eth0' } });
  });

  it('goes when its node tells otherwise', () => {
    const memory = new NetworkMemory();
    memory.restore(kept);
    memory.learn([says('n1', 'r', [b])], now);
    expect(memory.book.nodes).toEqual({ [b]: { node: 'n1', interface: 'eth0' } });
  });
});
