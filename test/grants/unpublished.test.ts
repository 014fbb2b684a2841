// A Service whose grant is written, and that has its address on no node yet.
import { describe, expect, it } from '@jest/globals';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { patienceMs } from '../../src/grants/unpublished.ts';
import { nowText } from '../builders.ts';
import { AddressBook } from '../../src/grants/book.ts';
import { decisionOn, poolConfig, serviceOf, type ServiceOptions } from './world.ts';

const address = '203.0.113.110';
const has: ServiceOptions = { asks: address, has: address };

function configOf(holder: string, ready: 'True' | 'False', version = 'v1.1.2'): KubeVipConfig {
  const config = poolConfig();
  const condition = {
    type: 'Ready',
    status: ready,
    reason: ready === 'True' ? 'Held' : 'NoHolder',
    message: '',
    lastTransitionTime: nowText,
  };
  const status = { ...config.status, conditions: [condition], version: { running: version } };
  return { ...config, status: { ...status, services: { holder } } };
}

const decision = (options: ServiceOptions, config: KubeVipConfig, underWayMs: number) =>
  decisionOn([serviceOf(options)], { configs: [config] }, new AddressBook(), {
    underWayMs: () => underWayMs,
  });

describe('a Service with a grant that is not published is told', () => {
  it.each<[string, ServiceOptions, KubeVipConfig, number, string | undefined, RegExp]>([
    [
      'that no kube-vip leads, at once',
      has,
      configOf('', 'False'),
      0,
      'ConfigNotReady',
      /^203\.0\.113\.110 is granted and on no node yet: expected KubeVipConfig edge Ready, found Ready False \(NoHolder\); ask/,
    ],
    [
      'the same when the operator chose the address',
      { has: address, isAssigned: true },
      configOf('', 'False'),
      0,
      'ConfigNotReady',
      /kubectl get kvc edge$/,
    ],
    ['nothing while a kube-vip that leads may be at it', has, configOf('n1', 'True'), 0, undefined, /^$/],
    [
      'after ten seconds what to look at',
      has,
      configOf('n1', 'True'),
      patienceMs,
      'NotPublished',
      /expected 203\.0\.113\.110 of KubeVipConfig edge within 10 s of the grant, found nothing; ask an administrator to look at the log of kube-vip on node n1$/,
    ],
    [
      'that the release wants an endpoint',
      has,
      configOf('n1', 'True', 'v1.2.3'),
      patienceMs,
      'NotPublished',
      /kube-vip v1\.2\.3 binds it while the Service has a ready endpoint, so look at kubectl get endpointslices -n default -l kubernetes\.io\/service-name=web$/,
    ],
    [
      'after ten seconds that the KubeVipConfig is not Ready, though one leads',
      has,
      configOf('n1', 'False'),
      patienceMs,
      'ConfigNotReady',
      /found Ready False/,
    ],
    [
      'nothing when it is published',
      { ...has, published: [address] },
      configOf('', 'False'),
      0,
      undefined,
      /^$/,
    ],
  ])('%s', (...[, options, config, ms, reason, note]) => {
    const { told, grant } = decision(options, config, ms);
    expect(told.map((row) => row.reason)).toEqual(reason === undefined ? [] : [reason]);
    expect(told[0]?.note ?? '').toMatch(note);
    expect(grant).toBeUndefined();
  });

  it('is looked at again when a kube-vip that leads has had its ten seconds', () => {
    expect(decision(has, configOf('n1', 'True'), 4000)).toMatchObject({ isWaiting: true, afterSeconds: 6 });
  });
});
