// What must hold for every spec that the API server stores.
import { describe, expect, it } from '@jest/globals';
import type { V1DaemonSet, V1EnvVar } from '@kubernetes/client-node';
import fc from 'fast-check';
import { familyOf } from '../../src/api/addresses.ts';
import { effectiveClass } from '../../src/api/defaults.ts';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { releaseOf } from '../../src/catalog/releases.ts';
import { validate } from '../../src/catalog/validation.ts';
import { admittedConfigs, schemaConfigs } from '../api/arbitraries.ts';
import { rendering } from '../builders.ts';

const containerOf = ({ spec }: V1DaemonSet) => spec?.template.spec?.containers[0];
const envOf = (daemonSet: V1DaemonSet): readonly V1EnvVar[] => containerOf(daemonSet)?.env ?? [];
const valueOf = (daemonSet: V1DaemonSet, name: string) =>
  envOf(daemonSet).find((row) => row.name === name)?.value;

/** Holds for every DaemonSet of every admitted config. */
function holdsForEach(check: (daemonSet: V1DaemonSet, config: KubeVipConfig) => void): void {
  fc.assert(
    fc.property(admittedConfigs, (config) => {
      const daemonSets = rendering(config);
      expect(daemonSets.length).toBeGreaterThan(0);
      daemonSets.forEach((daemonSet) => check(daemonSet, config));
    }),
  );
}

describe('rendering', () => {
  it('is the same twice', () => {
    fc.assert(
      fc.property(admittedConfigs, (config) => {
        expect(rendering(structuredClone(config))).toEqual(rendering(config));
      }),
    );
  });

  it('leaves the config as it was', () => {
    fc.assert(
      fc.property(admittedConfigs, (config) => {
        const before = structuredClone(config);
        rendering(config);
        expect(config).toEqual(before);
      }),
    );
  });

  it('throws for no spec that fits the schema, unless nobody knows what to pin', () => {
    const pinned = schemaConfigs.filter(({ spec }) => releaseOf(spec.version).digest !== undefined);
    fc.assert(
      fc.property(pinned, (config) => {
        expect(rendering(config)).toBeInstanceOf(Array);
      }),
    );
  });

  it('runs one function per process', () => {
    holdsForEach((daemonSet) => {
      const enabled = ['cp_enable', 'svc_enable'].filter((name) => valueOf(daemonSet, name) !== undefined);
      expect(enabled).toHaveLength(1);
      expect(valueOf(daemonSet, enabled[0] ?? '')).toBe('true');
    });
  });

  it('always elects, in ARP mode and no other', () => {
    holdsForEach((daemonSet) => {
      expect(valueOf(daemonSet, 'vip_leaderelection')).toBe('true');
      expect(valueOf(daemonSet, 'vip_arp')).toBe('true');
      expect(
        envOf(daemonSet).filter(({ name }) => /^(bgp|enable|wireguard|dhcp|dns|lb_enable)/i.test(name)),
      ).toEqual([]);
    });
  });

  it('never sets the health port, which keeps a dead process alive', () => {
    holdsForEach((daemonSet) => {
      expect(JSON.stringify(daemonSet)).not.toContain('health_check_port');
    });
  });

  it('runs only images by digest, under the tag of the version', () => {
    holdsForEach((daemonSet, { spec }) => {
      const image = containerOf(daemonSet)?.image ?? '';
      expect(image).toMatch(/^[a-z0-9][a-z0-9.:/_-]*:v\d+\.\d+\.\d+@sha256:[a-f0-9]{64}$/);
      expect(image).toContain(`:${spec.version}@`);
    });
  });

  it('names no address that the spec does not name, and each that it does', () => {
    holdsForEach((daemonSet, { spec }) => {
      const addresses = valueOf(daemonSet, 'address')?.split(',') ?? [];
      expect(addresses).toEqual(valueOf(daemonSet, 'cp_enable') ? spec.controlPlane?.addresses : []);
      const outside = envOf(daemonSet)
        .filter(({ name }) => !['address', 'vip_interface'].includes(name))
        .flatMap(({ value = '' }) => value.split(','))
        .filter((text) => familyOf(text) !== undefined);
      expect(outside).toEqual([]);
    });
  });

  it('gives host prefixes only', () => {
    holdsForEach((daemonSet) => {
      expect(valueOf(daemonSet, 'vip_subnet') ?? '32').toMatch(/^\/?(32|128|32,128)$/);
    });
  });

  it('serves exactly one class, and Services without class never', () => {
    holdsForEach((daemonSet, config) => {
      const isServices = valueOf(daemonSet, 'svc_enable') !== undefined;
      expect(valueOf(daemonSet, 'lb_class_name')).toBe(isServices ? effectiveClass(config) : undefined);
      expect(valueOf(daemonSet, 'lb_class_only')).toBe(isServices ? 'true' : undefined);
    });
  });

  it('keeps timings in the order that an election needs', () => {
    holdsForEach((daemonSet) => {
      const [lease = 0, renew = 0, retry = 0] = [
        'vip_leaseduration',
        'vip_renewdeadline',
        'vip_retryperiod',
      ].map((name) => Number(valueOf(daemonSet, name)));
      expect(lease > renew && renew > 1.2 * retry && retry > 0).toBe(true);
    });
  });
});

describe('schemaConfigs', () => {
  it('are admitted and refused often enough to prove something', () => {
    const drawn = fc
      .sample(schemaConfigs, { numRuns: 300, seed: 1 })
      .map((config) => validate(config).length);
    expect(drawn.filter((complaints) => complaints === 0).length).toBeGreaterThan(60);
    expect(drawn.filter((complaints) => complaints > 0).length).toBeGreaterThan(60);
  });
});
