import { freshSnapshot, kubeVipConfig } from '../builders.ts';
import type { Cases } from './find.ts';

const acknowledging = (ids: string) =>
  freshSnapshot({
    config: kubeVipConfig({ metadata: { annotations: { 'kubevip.dev/acknowledge': ids } } }),
  });
const expected = 'KubeVipConfig/edge: expected ids of warnings in annotation kubevip.dev/acknowledge, found';

const overriding = (ids: string) =>
  freshSnapshot({
    config: kubeVipConfig({ metadata: { annotations: { 'kubevip.dev/override': ids } } }),
  });
const blocking =
  'KubeVipConfig/edge: expected ids of checks that block in annotation kubevip.dev/override, found';

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
      `${expected} vip-is-node-address, which blocks: an administrator overrides it by annotation kubevip.dev/override; correct`,
    ],
    ['takes commas and spaces', acknowledging(' , ,')],
  ],
  'override-is-known': [
    ['passes without one', freshSnapshot()],
    ['passes with a check that blocks', overriding('vip-is-node-address')],
    [
      'says which is no check',
      overriding('vip-is-node'),
      `${blocking} vip-is-node, which is no check; correct`,
    ],
    [
      'says which holds nothing back',
      overriding('kubelets-use-vip'),
      `${blocking} kubelets-use-vip, which holds nothing back; correct`,
    ],
  ],
};
