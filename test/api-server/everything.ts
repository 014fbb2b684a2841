// A bit of everything that metrics tell of: a config that runs, one that a node's own address blocks, one more,
// and one whose rollout a person has paused.
import { specWith } from './builders.ts';
import { answerProbe, makeNodes } from './played-probe.ts';
import { heard, segment, Witnesses } from './played-witness.ts';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

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
  const pools = [{ name: 'main', addresses: ['203.0.113.128/27'] }];
  await stage.create('edge', specWith({ services: { pools } }));
  await stage.create(
    'blocked',
    specWith({ controlPlane: { addresses: [nodeAddress], apiAccess: 'Service' } }),
  );
  await stage.create(other, specWith({ controlPlane: { addresses: ['203.0.113.78'] } }));
  for (const name of [api, services, `${other}-control-plane`]) {
    await stage.untilRuns(name);
    await stage.play.runHealthy(name, 'n1');
  }
  await doRollout(stage);
}

/** One more config, on the only node of a control plane, whose change a person has paused before it began. */
async function doRollout(stage: Stage): Promise<void> {
  await makeNodes(stage, { from: 9, masters: 1, workers: 0 });
  const controlPlane = { addresses: ['203.0.113.79'], apiAccess: 'Service' };
  await stage.create('rolling', specWith({ controlPlane, rollout: { paused: true } }));
  await stage.untilRuns('rolling-control-plane');
  await stage.play.runHealthy('rolling-control-plane', 'n9');
  await stage.change('rolling', { version: 'v1.2.3' });
}

const [seenConfig, seenAddress] = ['seen', '203.0.113.120'] as const;
/** The control plane that witnesses hear, and its holder. */
export const [seen, seenHolder] = ['seen-control-plane', 'n3'] as const;

/** Plays one more config, on workers in a network that has witnesses; returns what makes them say that they hear its holder. */
export async function doWitnessed(stage: Stage): Promise<() => Promise<unknown>> {
  const witnesses = new Witnesses(stage);
  await makeNodes(stage, { from: 2, masters: 0, workers: 2 });
  const controlPlane = { addresses: [seenAddress], apiAccess: 'Service' };
  await stage.create(seenConfig, specWith({ controlPlane, preflight: { nodeProbe: 'BestEffort' } }));
  await answerProbe(stage, seenConfig, 'control-plane', { node: 'n2' });
  await stage.untilRuns(seen);
  await stage.play.runHealthy(seen, seenHolder);
  await stage.untilRuns(`kube-vip-witness-${segment}`, 15_000);
  await until('a witness', async () => (await witnesses.nodes()).includes(seenHolder), 15_000);
  const say = (node: string): Promise<number> =>
    witnesses.answer(node, node === seenHolder ? heard(seenAddress, [], true) : {});
  return async () => Promise.all((await witnesses.nodes()).map(say));
}
