import { freshSnapshot, kubeVipConfig, snapshot } from '../builders.ts';
import { emptySurvey } from '../../src/observed/neighbours/survey.ts';
import type { Cases } from './find.ts';
import { kubeVip } from './survey-builders.ts';

const acknowledging = (ids: string) =>
  freshSnapshot({
    config: kubeVipConfig({ metadata: { annotations: { 'kubevip.dev/acknowledge': ids } } }),
  });
const rest =
  'Expected ids of warnings in annotation kubevip.dev/acknowledge. Correct the annotation. docs/preflight.md lists the ids';

const overriding = (ids: string) =>
  freshSnapshot({
    config: kubeVipConfig({ metadata: { annotations: { 'kubevip.dev/override': ids } } }),
  });
const blocking =
  'Expected ids of checks that block in annotation kubevip.dev/override. Correct the annotation.';

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
      `KubeVipConfig/edge: acknowledges vip-is-node-address, which blocks. ${rest}`,
    ],
    [
      'passes with what a tenant can cause once the component runs, because then it only warns',
      snapshot({
        config: kubeVipConfig({
          metadata: { annotations: { 'kubevip.dev/acknowledge': 'vip-is-service-address' } },
        }),
      }),
    ],
    [
      'says that the same blocks before',
      acknowledging('vip-is-service-address'),
      `KubeVipConfig/edge: acknowledges vip-is-service-address, which blocks. ${rest}`,
    ],
    [
      'passes with what any tenant can make before the start, because it only warns',
      {
        ...acknowledging('foreign-kube-vip-has-vip'),
        survey: { ...emptySurvey, workloads: [kubeVip({}, { hostNetwork: false })] },
      },
    ],
    ['takes commas and spaces', acknowledging(' , ,')],
  ],
  'override-is-known': [
    ['passes without one', freshSnapshot()],
    ['passes with a check that blocks', overriding('vip-is-node-address')],
    [
      'says which is no check',
      overriding('vip-is-node'),
      `KubeVipConfig/edge: overrides vip-is-node, which is no check. ${blocking}`,
    ],
    [
      'says which holds nothing back',
      overriding('kubelets-use-vip'),
      `KubeVipConfig/edge: overrides kubelets-use-vip, which holds nothing back. ${blocking}`,
    ],
  ],
};
