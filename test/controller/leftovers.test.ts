// What was left behind on a node: asked for as long as a Service wants it, and free only when it is known to be.
import { describe, expect, it } from '@jest/globals';
import { Leftovers } from '../../src/controller/leftovers.ts';
import type { DialState } from '../../src/observed/snapshot.ts';
import type { Ask } from '../../src/steps/step.ts';

function world(state?: Partial<DialState>) {
  const asked = new Map<string, Ask>();
  const leftovers = new Leftovers({
    follow: (key, ask) => void (ask ? asked.set(key, ask) : asked.delete(key)),
    heard: (key) =>
      (asked.get(key)?.targets ?? []).flatMap((target) =>
        state ? [{ ...target, stage: 'ended', answer: 'silent', quietMs: 0, ...state }] : [],
      ),
    stop: () => undefined,
  });
  return { leftovers, asked };
}

describe('an address is gone', () => {
  it.each<[string, Partial<DialState> | undefined, boolean]>([
    ['not before anything was heard', undefined, false],
    ['not while it answers', { answer: 'answers', quietMs: undefined }, false],
    ['not after a moment of silence', { quietMs: 59_000 }, false],
    ['after a minute of silence', { quietMs: 60_000 }, true],
    ['when the network calls it unreachable', { answer: 'unreachable' }, true],
    ['not when it cannot be asked from here', { answer: 'blind', quietMs: 900_000 }, false],
  ])('%s', (_, state, expected) => {
    const { leftovers } = world(state);
    expect(leftovers.isGone('203.0.113.110')).toBe(false);
    leftovers.ask('203.0.113.110');
    expect(leftovers.isGone('203.0.113.110')).toBe(expected);
  });
});

it('asks at the port of the kubelet, and no longer than it is wanted', () => {
  const { leftovers, asked } = world();
  ['203.0.113.110', '203.0.113.111', '203.0.113.112'].forEach((address) => leftovers.ask(address));
  expect(asked.get('203.0.113.110')?.targets).toEqual([{ address: '203.0.113.110', port: 10_250 }]);
  leftovers.keep((address) => address !== '203.0.113.110');
  leftovers.forget('203.0.113.111');
  expect([...asked.keys()]).toEqual(['203.0.113.112']);
  leftovers.stop();
  expect(asked.size).toBe(0);
});
