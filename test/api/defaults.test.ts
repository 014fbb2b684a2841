import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  controlPlaneTolerations,
  effectiveClass,
  effectiveSpec,
  electionTiming,
  componentKindsOf,
} from '../../src/api/defaults.ts';
import type { JsonSchema } from '../../src/api/json-schema.ts';
import type { KubeVipConfig, KubeVipConfigSpec } from '../../src/api/types.ts';
import { kubeVipConfig } from '../builders.ts';
import { admittedConfigs, objectSchema } from './arbitraries.ts';

describe('effectiveSpec', () => {
  it('decides every optional of the smallest spec', () => {
    expect(effectiveSpec(kubeVipConfig({ spec: { preflight: undefined } }))).toEqual({
      name: 'edge',
      version: 'v1.1.2',
      mode: 'ARP',
      nodeProbe: 'BestEffort',
      witness: 'On',
      remedy: 'RestartPod',
      image: {},
      controlPlane: {
        addresses: ['203.0.113.100'],
        port: 6443,
        apiAccess: 'Local',
        interface: undefined,
        nodeSelector: undefined,
        tolerations: controlPlaneTolerations,
        resources: undefined,
      },
      services: {
        loadBalancerClass: 'kubevip.dev/edge',
        pools: [],
        namespace: undefined,
        interface: undefined,
        nodeSelector: undefined,
        tolerations: [],
        resources: undefined,
      },
      election: { leaseDurationSeconds: 24, renewDeadlineSeconds: 10, retryPeriodSeconds: 2 },
      announceIntervalSeconds: 3,
      rollout: {
        observeSeconds: 10,
        progressDeadlineSeconds: 600,
        onFailure: 'Rollback',
        paused: false,
      },
    });
  });

  it('keeps what is given', () => {
    const config = kubeVipConfig({
      spec: {
        image: { repository: 'r.example.org/kube-vip' },
        controlPlane: {
          addresses: ['192.0.2.1'],
          port: 443,
          apiAccess: 'Service',
          interface: 'eth0',
          nodeSelector: { a: 'b' },
          tolerations: [],
          resources: { limits: { cpu: 1 } },
        },
        services: { loadBalancerClass: 'a.io/b', namespace: 'x' },
        leaderElection: { leaseDurationSeconds: 30, renewDeadlineSeconds: 12, retryPeriodSeconds: 4 },
        arp: { announceIntervalSeconds: 7 },
        witness: 'Off',
        remedy: 'Report',
      },
    });
    const { leaderElection, arp, preflight, ...kept } = config.spec;
    expect(effectiveSpec(config)).toMatchObject({
      ...kept,
      ...arp,
      ...preflight,
      election: leaderElection,
    });
  });
});

describe('componentKindsOf', () => {
  it.each([
    ['is both, control plane first', kubeVipConfig(), ['control-plane', 'services']],
    ['is the control plane', kubeVipConfig({ spec: { services: undefined } }), ['control-plane']],
    ['is the services', kubeVipConfig({ spec: { controlPlane: undefined } }), ['services']],
  ] as const)('%s', (_, config, expected) => {
    expect(componentKindsOf(effectiveSpec(config))).toEqual(expected);
  });
});

describe('effectiveClass', () => {
  it.each([
    ['comes from the name', kubeVipConfig({ name: 'lan' }), 'kubevip.dev/lan'],
    ['comes from the spec', kubeVipConfig({ spec: { services: { loadBalancerClass: 'a.io/b' } } }), 'a.io/b'],
    ['is undefined without services', kubeVipConfig({ spec: { services: undefined } }), undefined],
  ])('%s', (_, config, expected) => {
    expect(effectiveClass(config)).toBe(expected);
  });
});

describe('electionTiming', () => {
  it('fills each timing on its own', () => {
    const { spec } = kubeVipConfig({ spec: { leaderElection: { leaseDurationSeconds: 40 } } });
    expect(electionTiming(spec)).toEqual({
      leaseDurationSeconds: 40,
      renewDeadlineSeconds: 10,
      retryPeriodSeconds: 2,
    });
  });
});

/** What the API server stores: the defaults of the schema filled in, wherever their parent is. */
function withSchemaDefaults(schema: JsonSchema, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || schema.properties === undefined) {
    return value;
  }
  const given = value as Readonly<Record<string, unknown>>;
  const fields = Object.entries(schema.properties).map(
    ([name, child]) => [name, withSchemaDefaults(child, given[name] ?? child.default)] as const,
  );
  return { ...given, ...Object.fromEntries(fields.filter(([, field]) => field !== undefined)) };
}

describe('defaults', () => {
  const defaulted = (config: KubeVipConfig): KubeVipConfig => ({
    ...config,
    spec: withSchemaDefaults(objectSchema.properties.spec, config.spec) as KubeVipConfigSpec,
  });

  it('are the same twice', () => {
    fc.assert(
      fc.property(admittedConfigs, (config) => {
        expect(effectiveSpec(structuredClone(config))).toEqual(effectiveSpec(config));
      }),
    );
  });

  it('are those of the CRD, field by field', () => {
    expect(defaulted(kubeVipConfig()).spec.controlPlane).toMatchObject({ port: 6443, apiAccess: 'Local' });
    fc.assert(
      fc.property(admittedConfigs, (config) => {
        expect(effectiveSpec(defaulted(config))).toEqual(effectiveSpec(config));
      }),
    );
  });
});
