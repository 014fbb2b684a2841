import { describe, expect, it } from '@jest/globals';
import { endOf, isLooping, nodeOf } from '../../src/observed/pods.ts';
import { now, pod } from '../builders.ts';
import { ailing, ended } from './pod-problem-cases.ts';

const endingPod = pod({ metadata: { deletionTimestamp: new Date(0) } });

const terminated = (exitCode: number) => ailing({ state: { terminated: { exitCode } } });

describe('endOf', () => {
  it.each([
    ['is the end of a container that waits to be started again', ailing(ended(1)), 1],
    ['is the end of one that was not started again yet', terminated(3), 3],
    [
      'is none while it runs',
      ailing({ state: { running: {} }, lastState: { terminated: { exitCode: 1 } } }),
      undefined,
    ],
    ['is none of a pod that shall end', endingPod, undefined],
  ])('%s', (_, object, code) => {
    expect(endOf(object)?.exitCode).toBe(code);
  });
});

describe('nodeOf', () => {
  const requiredDuringSchedulingIgnoredDuringExecution = {
    nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n2'] }] }],
  };
  const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution } };

  it.each([
    ['is where it runs', { nodeName: 'n1', affinity, containers: [] }, 'n1'],
    ['is what its DaemonSet made it for, before it is scheduled', { affinity, containers: [] }, 'n2'],
    ['is not known of a pod without either', { containers: [] }, ''],
  ])('%s', (_, spec, expected) => {
    expect(nodeOf({ ...pod(), spec })).toBe(expected);
  });
});

describe('isLooping', () => {
  it.each([
    ['is none that was never started again', undefined, false],
    ['is one that ended soon and has just started', { at: now - 2000, ranMs: 5000 }, true],
    ['is none that has run for half a minute', { at: now - 30_000, ranMs: 5000 }, false],
    ['is one that has just started, on a clock 2 s ahead', { at: now + 2000, ranMs: 5000 }, true],
    ['is none on a clock an hour ahead', { at: now + 3_600_000, ranMs: 5000 }, false],
    ['is none that ran for long before', { at: now - 2000, ranMs: 60_000 }, false],
  ])('%s', (_, restart, expected) => {
    expect(isLooping(restart, now)).toBe(expected);
  });
});
