// When the nodes are asked whose a MAC is, and when they have denied it.
import { describe, expect, it } from '@jest/globals';
import { isOver, shouldAsk } from '../../../src/observed/witness/mac-book.ts';
import { now } from '../../builders.ts';
import { macBook, macOf, outsider } from '../../witness-world.ts';

const component = 'edge-control-plane';
const asked = (secondsAgo: number) => macBook({ asked: { [outsider]: now - secondsAgo * 1000 } });

describe('the nodes are asked whose a MAC is', () => {
  it.each([
    ['when it was never asked for', macBook(), { mac: outsider, seenAt: now }, true],
    ['not when a node has told it', macBook(), { mac: macOf('n1'), seenAt: now }, false],
    [
      'not again within five minutes, though it came again',
      asked(200),
      { mac: outsider, seenAt: now - 1000 },
      false,
    ],
    ['again after five minutes, when it came again', asked(301), { mac: outsider, seenAt: now - 1000 }, true],
    [
      'not while what an earlier leader kept is being read',
      { ...macBook(), isAwaited: true },
      { mac: outsider, seenAt: now },
      false,
    ],
    ['not again while it answers on', asked(3600), { mac: outsider, seenAt: now - 3_700_000 }, false],
  ])('%s', (_, book, question, expected) => {
    expect(shouldAsk(book, { component, ...question, now })).toBe(expected);
  });

  it('not at once for another component, whose nodes are often the same', () => {
    const question = { component: 'other-services', mac: outsider, seenAt: now, now };
    expect([shouldAsk(asked(5), question), shouldAsk(asked(11), question)]).toEqual([false, true]);
  });
});

describe('a MAC is denied', () => {
  const nodes = ['n1', 'n2', 'n3'];
  const told = (toldAt: Readonly<Record<string, number>>, secondsAgo = 5) =>
    macBook({ asked: { [outsider]: now - secondsAgo * 1000 }, toldAt });
  const all = { n1: now - 1000, n2: now - 1000, n3: now - 1000 };
  it.each([
    ['when all nodes have told since', told(all), {}, true],
    ['not while one has not', told({ ...all, n3: now - 9000 }), {}, false],
    [
      'when that one does not report and told before',
      told({ ...all, n3: now - 9000 }),
      { silentNodes: new Set(['n3']) },
      true,
    ],
    [
      'not when that one never told',
      told({ ...all }),
      { nodes: [...nodes, 'n9'], silentNodes: new Set(['n9']) },
      false,
    ],
    ['when all had their time', told({ ...all, n3: now - 9000 }), { finishedAt: now - 1000 }, true],
    [
      'not when they had it before they were asked',
      told({ ...all, n3: now - 9000 }),
      { finishedAt: now - 6000 },
      false,
    ],
    ['not when nobody was asked', macBook({ toldAt: all }), { finishedAt: now }, false],
    ['not when no node runs the component', told(all), { nodes: [] }, false],
  ])('%s', (_, book, of, expected) => {
    const question = { component, mac: outsider, seenAt: now - 9000, nodes, silentNodes: new Set<string>() };
    expect(isOver(book, { ...question, ...of })).toBe(expected);
  });
});
