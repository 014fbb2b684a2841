// Addresses that another load balancer gives away.
import { describe, expect, it } from '@jest/globals';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { emptySurvey, type Survey } from '../../src/observed/neighbours/survey.ts';
import { workload } from '../preflight/survey-builders.ts';
import { autoConfig, decisionOn, serviceOf, type ServiceOptions } from './world.ts';

const object = 'CiliumLoadBalancerIPPool/lan';
const cilium: Partial<Survey> = { pools: [{ object, ranges: ['203.0.113.0-203.0.113.199'] }] };
const metalLb = (...workloads: Survey['workloads']): Partial<Survey> => ({
  pools: [{ object: 'IPAddressPool/lb/lan', namespace: 'lb', ranges: ['203.0.113.0/24'] }],
  workloads,
});
const speaker = workload({ namespace: 'lb', images: ['quay.io/metallb/speaker:v0.15.2'], hostNetwork: true });
const asks = '203.0.113.120';

function permitting(annotation: string): KubeVipConfig {
  const config = autoConfig();
  const annotations = { [annotation]: 'pool-is-of-other-load-balancer' };
  return { ...config, metadata: { ...config.metadata, annotations } };
}

const decision = (options: ServiceOptions, facts: Partial<Survey>, config = autoConfig()) =>
  decisionOn([serviceOf(options)], { configs: [config], survey: { ...emptySurvey, ...facts } });

describe('an address that another load balancer gives away', () => {
  it.each<[string, Partial<Survey>, KubeVipConfig, string | undefined]>([
    ['is not granted', cilium, autoConfig(), undefined],
    [
      'is not granted when a speaker of MetalLB is in the namespace of its pool',
      metalLb(speaker),
      autoConfig(),
      undefined,
    ],
    ['is granted when any tenant can have made the pool', metalLb(), autoConfig(), asks],
    [
      'is granted when an administrator overrides the check',
      cilium,
      permitting('kubevip.dev/override'),
      asks,
    ],
    ['is granted when one acknowledges it', cilium, permitting('kubevip.dev/acknowledge'), asks],
  ])('%s', (_, facts, config, grant) => {
    const { told, grant: given } = decision({ asks }, facts, config);
    expect(given).toBe(grant);
    expect(told[0]?.reason).toBe(grant === undefined ? 'AddressOfOtherBalancer' : 'AddressGranted');
  });

  it('says which object has it', () => {
    expect(decision({ asks }, cilium).told[0]?.note).toContain(
      `found an address of ${object}, which gives it away, too; choose another address`,
    );
  });

  it('is passed over when the operator chooses, and chosen when an administrator permits it', () => {
    expect(decision({}, cilium).grant).toBe('203.0.113.200');
    expect(decision({}, cilium, permitting('kubevip.dev/override')).grant).toBe('203.0.113.2');
  });

  it('stays when a Service has it', () => {
    const { grant, told } = decision({ asks, has: asks, published: [asks] }, cilium);
    expect([grant, told.map(({ reason }) => reason)]).toEqual([undefined, ['AddressKept']]);
  });
});
