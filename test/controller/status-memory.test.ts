import { describe, expect, it } from '@jest/globals';
import type { KubeVipConfigStatus } from '../../src/api/types.ts';
import { StatusMemory, unstoredFields } from '../../src/controller/status-memory.ts';
import { kubeVipConfig } from '../builders.ts';

describe('unstoredFields', () => {
  it.each<readonly [what: string, sent: unknown, stored: unknown, paths: readonly string[]]>([
    ['nothing of what is stored as it was sent', { a: { b: [1] } }, { a: { b: [1] } }, []],
    ['nothing of what the API server adds', { a: 1 }, { a: 1, b: 2 }, []],
    ['nothing of what is not sent', { a: undefined }, {}, []],
    ['a field', { a: 1, b: 2 }, { a: 1 }, ['status.b']],
    ['a field below', { a: { b: 1, c: 2 } }, { a: { b: 1 } }, ['status.a.c']],
    ['a whole object once', { a: { b: 1, c: 2 } }, {}, ['status.a']],
    ['everything where there is no status', { a: 1 }, undefined, ['status.a']],
    ['a field of entries once', { a: [{ b: 1 }, { b: 2 }] }, { a: [{}, {}] }, ['status.a[].b']],
  ])('names %s', (_, sent, stored, paths) => {
    expect(unstoredFields(sent, stored)).toEqual(paths);
  });
});

describe('StatusMemory', () => {
  const sent: KubeVipConfigStatus = { observedGeneration: 1, lastProgress: '2026-11-24T11:00:00Z' };
  const stored: KubeVipConfigStatus = { observedGeneration: 1 };
  let now = 0;
  const kept = (): StatusMemory => {
    const memory = new StatusMemory(() => now);
    memory.keep('edge', sent, stored);
    return memory;
  };
  const completed = (memory: StatusMemory, status: KubeVipConfigStatus) => {
    const { config, unstored } = memory.complete(kubeVipConfig({ status }));
    return [config.status, unstored];
  };

  it('completes what is stored by what was sent', () => {
    expect(completed(kept(), { ...stored })).toEqual([sent, ['status.lastProgress']]);
  });

  it('adds nothing to a status that another wrote', () => {
    expect(completed(kept(), { observedGeneration: 2 })).toEqual([{ observedGeneration: 2 }, []]);
  });

  it.each<readonly [string, (memory: StatusMemory) => void]>([
    ['all is stored', (memory) => memory.keep('edge', sent, sent)],
    ['the KubeVipConfig is gone', (memory) => memory.keep('edge', sent, undefined)],
    ['it is told so', (memory) => memory.forget('edge')],
  ])('forgets when %s', (_, act) => {
    const memory = kept();
    act(memory);
    expect(completed(memory, stored)).toEqual([stored, []]);
  });

  it.each<readonly [string, number, boolean]>([
    ['not at once', 0, false],
    ['not before half a minute', 29_999, false],
    ['after half a minute', 30_000, true],
    ['after the clock was set back', -3_600_000, true],
  ])('has it written again %s', (_, later, expected) => {
    now = 0;
    const memory = kept();
    now = later;
    expect(memory.isToBeWritten('edge')).toBe(expected);
  });

  it('has nothing written again of what is stored', () => {
    now = 0;
    const memory = new StatusMemory(() => now);
    memory.keep('edge', sent, sent);
    now = 60_000;
    expect(memory.isToBeWritten('edge')).toBe(false);
  });
});
