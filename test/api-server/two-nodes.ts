// A control plane on two nodes whose network has witnesses: where tests of second owners begin.
import { specWith } from './builders.ts';
import { answerProbe, makeNodes } from './played-probe.ts';
import { segment, Witnesses } from './played-witness.ts';
import type { Stage } from './stage.ts';

/** The address of the KubeVipConfig `edge`. */
export const address = '203.0.113.100';
/** Its DaemonSet and its Lease. */
export const name = 'edge-control-plane';

/** Plays `edge`, held by one of n1 and n2; returns its witnesses, which have said nothing yet. */
export async function holdOnTwo(stage: Stage, holder: 'n1' | 'n2'): Promise<Witnesses> {
  await makeNodes(stage, { masters: 2, workers: 0 });
  // Local would have the operator ask these nodes for their certificates, and no API server runs there.
  const controlPlane = { addresses: [address], apiAccess: 'Service' };
  await stage.create('edge', specWith({ controlPlane, preflight: { nodeProbe: 'BestEffort' } }));
  await answerProbe(stage, 'edge', 'control-plane');
  await stage.untilRuns(name);
  await stage.play.runPod(name, 'n1');
  await stage.play.runPod(name, 'n2');
  await stage.play.observe(name, { desired: 2, updated: 2, ready: 2 });
  await stage.play.hold(name, { holder });
  await stage.untilRuns(`kube-vip-witness-${segment}`, 15_000);
  return new Witnesses(stage);
}
