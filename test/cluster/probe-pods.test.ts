import { describe, expect, it } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import { probePod } from '../../src/cluster/probe-pods.ts';

const ended = (message: string) => ({ terminated: { exitCode: 0, message } });
const statuses = (...states: readonly object[]): V1Pod =>
  ({ spec: { nodeName: 'n1' }, status: { containerStatuses: states } }) as V1Pod;
const waiting = {
  metadata: { name: 'p', labels: { 'app.kubernetes.io/component': 'services' } },
  spec: {
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n7'] }] }],
        },
      },
    },
  },
} as unknown as V1Pod;

describe('probePod', () => {
  it('knows the node of a pod that is not scheduled', () => {
    expect(probePod(waiting)).toMatchObject({ node: 'n7', component: 'services', messages: [] });
    expect(probePod({})).toMatchObject({ node: '', component: '', boundAt: undefined, takenOnAt: undefined });
  });

  it('has the latest end first', () => {
    const pod = statuses({ state: ended('b'), lastState: ended('a') });
    expect(probePod(pod)).toMatchObject({ node: 'n1', messages: ['b', 'a'], trouble: '' });
  });

  it('has the end before the present run', () => {
    expect(probePod(statuses({ state: { running: {} }, lastState: ended('a') })).messages).toEqual(['a']);
  });

  it('has what it printed behind what it ended with, and then lacks nothing', () => {
    const pod = statuses({ state: { running: {} }, lastState: ended('a') });
    expect(probePod(pod, 'b')).toMatchObject({ messages: ['a', 'b'], trouble: '' });
    expect(probePod(statuses({ state: { running: {} } }), 'b')).toMatchObject({
      messages: ['b'],
      trouble: '',
    });
  });

  it('says why nothing was said', () => {
    const pod = statuses({ image: 'a.io/b:v1', state: { waiting: { reason: 'ErrImagePull' } } });
    expect(probePod(pod).trouble).toMatch(/cannot pull its image \(a\.io\/b:v1\)$/);
  });

  it('has both clocks', () => {
    const conditions = [{ type: 'PodScheduled', status: 'True', lastTransitionTime: '2026-11-24T12:00:00Z' }];
    const pod = { status: { conditions, startTime: '2026-11-24T12:00:09Z' } } as unknown as V1Pod;
    const { boundAt = 0, takenOnAt = 0 } = probePod(pod);
    expect(takenOnAt - boundAt).toBe(9000);
  });
});
