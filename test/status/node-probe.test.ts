// What status remembers of the nodes: enough that an operator that starts again asks nothing twice.
import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { daemonSet, freshSnapshot, nowText, snapshot } from '../builders.ts';
import { askedConfig, askedSnapshot, before, image, remembered } from '../node-world.ts';
import { computeStatus, decide } from '../pass.ts';

const config = askedConfig();

describe('status.nodeProbe', () => {
  const statusOf = (world: Snapshot) =>
    computeStatus({ snapshot: world, plan: decide(world), acted: { kind: 'done' }, now: nowText }).nodeProbe;

  it('remembers when a run began, before it has a result', () => {
    const world = freshSnapshot({ config, probeImage: image });
    expect(statusOf(world)).toEqual([
      {
        function: 'control-plane',
        request: expect.stringMatching(/^[0-9a-f]{16}$/),
        startedAt: nowText,
        asked: 0,
        answered: 0,
        findings: [],
      },
    ]);
  });

  it('remembers what came of it', () => {
    const world = askedSnapshot({ reports: { n1: { takenPorts: [29100] }, n2: {} } });
    expect(statusOf(world)).toMatchObject([
      {
        startedAt: '2026-11-24T11:59:56Z',
        finishedAt: nowText,
        asked: 2,
        answered: 2,
        findings: [{ object: 'Node/n1' }],
      },
    ]);
  });

  it.each<[string, Snapshot]>([
    ['is suspended', freshSnapshot({ config: askedConfig({ suspend: true }), probeRuns: [remembered()] })],
    [
      'runs undisturbed',
      snapshot({ config, daemonSets: [daemonSet({ config })], probeRuns: [remembered()] }),
    ],
  ])('stays as it is while the config %s', (_, world) => {
    expect(statusOf(world)).toMatchObject([{ startedAt: before.text, finishedAt: '2026-11-24T11:58:24Z' }]);
  });

  it('is not there when nodes are not asked', () => {
    expect(statusOf(snapshot())).toBeUndefined();
  });
});
