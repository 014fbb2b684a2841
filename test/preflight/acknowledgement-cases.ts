import { freshSnapshot, kubeVipConfig } from '../builders.ts';
import type { Cases } from './find.ts';

const acknowledging = (ids: string) =>
  freshSnapshot({
    config: kubeVipConfig({ metadata: { annotations: { 'kubevip.dev/acknowledge': ids } } }),
  });
const expected = 'KubeVipConfig/edge: expected ids of warnings in annotation kubevip.dev/acknowledge, found';

export const acknowledgementCases: Cases = {
  'acknowledgement-is-known': [
    ['passes without one', freshSnapshot()],
    ['passes with a warning', acknowledging('kubelets-use-vip')],
    [
      'says which is no check',
      acknowledging('vip-is-node'),
      `${expected} vip-is-node, which is no check; correct the annotation`,
    ],
    [
      'says which blocks',
      acknowledging('vip-is-node-address'),
      `${expected} vip-is-node-address, which blocks and cannot be turned off; correct`,
    ],
    ['takes commas and spaces', acknowledging(' , ,')],
  ],
};
