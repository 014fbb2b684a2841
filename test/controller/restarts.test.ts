import { expect, it } from '@jest/globals';
import type { V1ContainerStatus } from '@kubernetes/client-node';
import { restartsOf } from '../../src/controller/restarts.ts';
import { pod } from '../builders.ts';

// As it comes over the wire: times are text.
const withStatus = (status: object) =>
  pod({ status: { containerStatuses: [status as unknown as V1ContainerStatus] } });
const running = { running: { startedAt: '2026-11-24T13:17:16Z' } };
const before = {
  terminated: { startedAt: '2026-11-24T13:16:55Z', finishedAt: '2026-11-24T13:16:57Z', exitCode: 0 },
};

it.each([
  [
    'says when a container was started again, and how long the one before ran',
    { state: running, lastState: before },
    { 'edge-control-plane-n1': { at: Date.parse('2026-11-24T13:17:16Z'), ranMs: 2000 } },
  ],
  ['says nothing of one that runs for the first time', { state: running, lastState: {} }, {}],
  ['says nothing of one that has ended', { state: before, lastState: before }, {}],
  ['says nothing of one that waits', { state: { waiting: {} } }, {}],
])('%s', (_, status, expected) => {
  expect(restartsOf([withStatus(status)])).toEqual(expected);
});
