// A bit of everything that metrics tell of: a config that runs, one that a node's own address blocks, and one more.
import { specWith } from './builders.ts';
import type { Stage } from './stage.ts';

export const [api, services] = ['edge-control-plane', 'edge-services'] as const;
const nodeAddress = '203.0.113.77';

/** Plays `edge`, which runs with both functions, `blocked`, and `other`, which runs until a test removes it. */
export async function doEverything(stage: Stage, other: string): Promise<void> {
  await stage.admin.expect({ method: 'POST', path: '/api/v1/nodes', body: { metadata: { name: 'n1' } } });
  await stage.admin.expect({
    method: 'PATCH',
    path: '/api/v1/nodes/n1/status',
    body: { status: { addresses: [{ type: 'InternalIP', address: nodeAddress }] } },
    type: 'merge',
  });
  await stage.create('edge', specWith({ services: {} }));
  await stage.create('blocked', specWith({ controlPlane: { addresses: [nodeAddress] } }));
  await stage.create(other, specWith({ controlPlane: { addresses: ['203.0.113.78'] } }));
  for (const name of [api, services, `${other}-control-plane`]) {
    await stage.untilRuns(name);
    await stage.play.runHealthy(name, 'n1');
  }
}
