import { freshSnapshot, kubeVipConfig } from '../builders.ts';
import type { Cases } from './find.ts';

const acknowledging = (ids: string) =>
  freshSnapshot({
    config: kubeVipConfig({ metadata: { annotations: { 'kubevip.dev/acknowledge': ids } } }),
  });
const rest =
  'Expected ids of warnings in annotation kubevip.dev/acknowledge. Correct the annotation. docs/preflight.md lists the ids.';

export const acknowledgementCases: Cases = {
  'acknowledgement-is-known': [
    ['passes without one', freshSnapshot()],
    ['passes with a warning', acknowledging('kubelets-use-vip')],
    [
      'says which is no check',
      acknowledging('vip-is-node'),
      `KubeVipConfig/edge: acknowledges vip-is-node, which is no check. ${rest}`,
    ],
    [
      'says which blocks',
      acknowledging('vip-is-node-address'),
      `KubeVipConfig/edge: acknowledges vip-is-node-address, which blocks and cannot be turned off. ${rest}`,
    ],
    ['takes commas and spaces', acknowledging(' , ,')],
  ],
};
