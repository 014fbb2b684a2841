import { describe, expect, it } from '@jest/globals';
import { conditionTypes } from '../../src/api/conditions.ts';
import type { Condition } from '../../src/api/types.ts';
import type { Facts } from '../../src/metrics/samples.ts';
import { daemonSet, kubeVipConfig, lease, now, nowText } from '../builders.ts';
import { rolloutStatus } from '../rollout/rollout-status.ts';
import { silent, statement } from '../witness-world.ts';
import { valuesOf, withStatus } from './values.ts';

const condition = (type: string, status: Condition['status'], reason: string): Condition => ({
  type,
  status,
  reason,
  message: '',
  lastTransitionTime: nowText,
});

const failed = (check: string) => ({ check, result: 'Failed' as const, object: 'Node/n1', message: 'x' });

describe('samples', () => {
  it.each<[string, Partial<Facts>, Readonly<Record<string, number>>]>([
    [
      'say how the operator is',
      { isLeading: true, unsynced: ['pods', 'nodes'], queueDepth: 3, queueBusySeconds: 1.5 },
      { 'leader{}': 1, 'unsynced_resources{}': 2, 'queue_depth{}': 3, 'queue_busy_seconds{}': 1.5 },
    ],
    [
      'say where a rollout is',
      {
        configs: [withStatus({ rollout: rolloutStatus({ function: 'services', phase: 'RolledBack' }) })],
      },
      { 'rollout_phase{edge,services,RolledBack}': 1 },
    ],
    [
      'say who answers, and for how many addresses no machine does',
      {
        configs: [
          withStatus({
            controlPlane: {
              owners: [
                { address: '203.0.113.100', node: 'n1', mac: '02:00:00:00:00:01', since: nowText },
                { address: '203.0.113.100', mac: '02:aa:aa:aa:aa:aa', since: nowText },
                { address: '203.0.113.101', since: nowText },
              ],
            },
            orphans: [{ address: '203.0.113.66', node: 'n3' }],
          }),
        ],
      },
      {
        'address_owner{edge,control-plane,203.0.113.100,n1}': 1,
        'address_owner{edge,control-plane,203.0.113.100,02:aa:aa:aa:aa:aa}': 1,
        'unanswered_addresses{edge,control-plane}': 1,
        'orphan_addresses{edge}': 1,
      },
    ],
    [
      'say how full pools are, and how many Services wait',
      {
        configs: [
          withStatus({
            services: {
              waiting: 4,
              pools: [{ name: 'six', family: 'IPv6', size: '18446744073709551616', used: 2, free: '1000' }],
            },
          }),
        ],
      },
      {
        'waiting_services{edge}': 4,
        'pool_addresses{edge,six,IPv6,size}': 2 ** 64,
        'pool_addresses{edge,six,IPv6,used}': 2,
        'pool_addresses{edge,six,IPv6,free}': 1000,
      },
    ],
    [
      'say which witness hears',
      { isLeading: true, witnesses: [statement([]), silent('n5')] },
      {
        'witness_hears{0a1b2c3d,n4}': 1,
        'witness_hears{0a1b2c3d,n5}': 0,
        'witness_age_seconds{0a1b2c3d,n5}': 11,
      },
    ],
    ['say mode and version', {}, { 'config_info{edge,ARP,v1.1.2}': 1 }],
    [
      'take a config without status for not ready',
      {},
      { 'config_ready{edge}': 0, 'config_condition{edge,Ready}': 0 },
    ],
    [
      'have a number for each condition, and its reason',
      {
        configs: [
          withStatus({
            conditions: [
              condition('Ready', 'True', 'Held'),
              condition('Accepted', 'False', 'AddressConflict'),
              condition('PreflightPassed', 'Unknown', 'PreflightPending'),
            ],
          }),
        ],
      },
      {
        'config_ready{edge}': 1,
        'config_condition{edge,Ready}': 1,
        'config_condition{edge,Accepted}': 0,
        'config_condition{edge,PreflightPassed}': -1,
        'config_condition{edge,Stalled}': 0,
        'config_condition_reason{edge,Accepted,AddressConflict}': 1,
      },
    ],
    [
      'count findings of preflight by result, and failed ones by check',
      {
        configs: [
          withStatus({
            preflightCounts: { failed: 3, warned: 1, acknowledged: 0 },
            preflight: [failed('a'), failed('a'), failed('b'), { ...failed('c'), result: 'Warned' }],
          }),
        ],
      },
      {
        'preflight_findings{edge,Failed}': 3,
        'preflight_findings{edge,Warned}': 1,
        'preflight_findings{edge,Acknowledged}': 0,
        'preflight_failures{edge,a}': 2,
        'preflight_failures{edge,b}': 1,
      },
    ],
    [
      'say how old a deletion is, and how far status is behind',
      {
        configs: [
          {
            ...kubeVipConfig({ metadata: { deletionTimestamp: nowText, generation: 5 } }),
            status: { observedGeneration: 3 },
          },
        ],
        now: now + 90_000,
      },
      { 'config_deletion_seconds{edge}': 90, 'config_unobserved_generations{edge}': 2 },
    ],
    [
      'say who holds, and for how long nothing was renewed',
      { leases: [lease({ ageSeconds: 7, durationSeconds: 20 })] },
      {
        'function_holder{edge,control-plane,n1}': 1,
        'function_lease_age_seconds{edge,control-plane}': 7,
        'function_lease_duration_seconds{edge,control-plane}': 20,
      },
    ],
    [
      'count nodes by state',
      { daemonSets: [daemonSet({ desired: 3, updated: 2, ready: 1 })] },
      {
        'function_nodes{edge,control-plane,desired}': 3,
        'function_nodes{edge,control-plane,updated}': 2,
        'function_nodes{edge,control-plane,ready}': 1,
        'function_nodes{edge,services,desired}': 0,
      },
    ],
  ])('%s', (_, facts, expected) => {
    expect(valuesOf(facts)).toMatchObject(expected);
  });

  const alive = { address: '203.0.113.100', port: 6443, state: 'alive', detail: '' } as const;
  const held = { leases: [lease()], operatorNode: 'n2', reach: () => [alive] };
  const byHostName = {
    nodes: ['n1', 'n2'],
    configs: [
      withStatus({
        nodeProbe: [
          {
            function: 'control-plane',
            request: 'x',
            startedAt: nowText,
            asked: 2,
            answered: 2,
            findings: [],
            hostNames: [{ node: 'n1', hostName: 'host-a' }],
          },
        ],
      }),
    ],
  };
  it.each<[string, number, Partial<Facts>]>([
    ['answers from another node', 1, held],
    ['answers an operator outside the cluster', 1, { ...held, operatorNode: undefined }],
    ['answers the node that holds it', 0, { ...held, operatorNode: 'n1' }],
    [
      'answers the node that holds it by a host name of its own (v0.6.4)',
      0,
      { ...held, ...byHostName, operatorNode: 'n1', leases: [lease({ holder: 'Host-A' })] },
    ],
    ['answers the node that holds it by its host name', 0, { ...held, operatorNode: 'n1.example.org' }],
    ['is asked for by nobody', 0, { ...held, reach: () => undefined }],
    ['cannot be asked for', 0, { ...held, reach: () => [alive, { ...alive, state: 'blind' }] }],
    ['has not answered yet', 0, { ...held, reach: () => [{ ...alive, state: 'unknown' }] }],
    ['leads to a dead API server', 0, { ...held, reach: () => [{ ...alive, state: 'dead' }] }],
  ])('of an address that %s, say that it is proven: %i', (_, value, facts) => {
    expect(valuesOf(facts)).toMatchObject({ 'config_address_proven{edge}': value });
  });

  it.each<[string, Partial<Facts>, RegExp]>([
    [
      'proof where there is no control plane',
      { ...held, configs: [kubeVipConfig({ spec: { controlPlane: undefined } })] },
      /address_proven/,
    ],
    ['holder while nobody holds', { leases: [lease({ holder: '' })] }, /^function_holder/],
    ['age of a Lease that was never renewed', { leases: [lease({ renewedAt: 0 })] }, /lease_age/],
    ['witnesses of a replica that does not lead', { witnesses: [statement([])] }, /witness/],
    ['owners where no witness can tell', {}, /address_owner|unanswered/],
    ['age of a Lease while no renewal can be seen', { leases: [lease()], seesLeases: false }, /lease_age/],
    ['failed check when none failed', {}, /^preflight_failures/],
    [
      'function of a refused config that runs nothing',
      { configs: [withStatus({ conditions: [condition('Accepted', 'False', 'AddressConflict')] })] },
      /^function_/,
    ],
    ['config that is not there', { configs: [] }, /edge/],
  ])('have no %s', (_, facts, name) => {
    expect(Object.keys(valuesOf(facts)).filter((key) => name.test(key))).toEqual([]);
  });

  it('name the node that leads under a host name of its own (v0.6.4)', () => {
    expect(valuesOf({ ...byHostName, leases: [lease({ holder: 'host-a' })] })).toMatchObject({
      'function_holder{edge,control-plane,n1}': 1,
    });
  });

  it('show what a refused config still runs', () => {
    const configs = [withStatus({ conditions: [condition('Accepted', 'False', 'AddressConflict')] })];
    const found = valuesOf({ configs, daemonSets: [daemonSet()] });
    expect(Object.keys(found).filter((key) => key.startsWith('function_'))).toEqual(
      ['desired', 'updated', 'ready'].map((state) => `function_nodes{edge,control-plane,${state}}`),
    );
  });

  it('have every condition type for every config', () => {
    const found = Object.keys(valuesOf({})).filter((key) => key.startsWith('config_condition{'));
    expect(found).toEqual(Object.keys(conditionTypes).map((type) => `config_condition{edge,${type}}`));
  });
});
