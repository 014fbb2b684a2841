import { describe, expect, it } from '@jest/globals';
import type { V1DaemonSet } from '@kubernetes/client-node';
import fc from 'fast-check';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { findConflicts } from '../../src/observed/claims.ts';
import '../api/arbitraries.ts';
import { daemonSet, freshSnapshot, kubeVipConfig, snapshot } from '../builders.ts';
import { claimsOf, spec } from '../plan/contested.ts';
import { recorded } from '../recorded.ts';

describe('findConflicts', () => {
  const created = fc.constantFrom('2026-11-24T10:00:00Z', '2026-11-24T11:00:00Z');
  const contender = (own: string) =>
    fc.record({ spec, created, runs: fc.boolean() }).map((row) => ({
      runs: row.runs,
      config: kubeVipConfig({
        name: own,
        metadata: { creationTimestamp: row.created },
        spec: { controlPlane: undefined, services: undefined, ...row.spec },
      }),
    }));
  const runningOf = ({ runs, config }: { runs: boolean; config: KubeVipConfig }) =>
    runs ? snapshot({ config }).daemonSets : [];

  it('accepts at most one of two that share a claim, whatever runs and whoever is asked first', () => {
    fc.assert(
      fc.property(contender('a'), contender('b'), fc.boolean(), (a, b, isTurned) => {
        const configs = isTurned ? [b.config, a.config] : [a.config, b.config];
        const daemonSets = [...runningOf(a), ...runningOf(b)];
        const [ofA, ofB] = [a, b].map(({ config }) =>
          findConflicts(freshSnapshot({ config, configs, daemonSets })),
        );
        const isShared = claimsOf(a.config).some((value) => claimsOf(b.config).includes(value));
        const accepted = [ofA, ofB].filter((conflicts) => conflicts?.length === 0).length;
        expect(isShared ? accepted <= 1 : accepted === 2).toBe(true);
      }),
    );
  });

  it('never takes a claim from who runs and wants it for who only does one of both', () => {
    fc.assert(
      fc.property(contender('a'), contender('b'), (a, b) => {
        const configs = [a.config, b.config];
        const owner = { ...a, runs: true };
        // The other only runs what it does not ask for, or only asks for what it does not run.
        const world = b.runs
          ? { configs: [a.config], daemonSets: [...runningOf(owner), ...runningOf(b)] }
          : { configs, daemonSets: runningOf(owner) };
        expect(findConflicts(freshSnapshot({ config: a.config, ...world }))).toEqual([]);
      }),
    );
  });

  const older = kubeVipConfig({ name: 'z', metadata: { creationTimestamp: '2026-11-24T09:00:00Z' } });
  const younger = kubeVipConfig({ name: 'a', spec: { services: undefined } });
  /** Somebody gave the pods another address. */
  const edited = (object: V1DaemonSet): V1DaemonSet =>
    JSON.parse(JSON.stringify(object).replaceAll('203.0.113.100', '203.0.113.99')) as V1DaemonSet;
  const twin = kubeVipConfig({ name: 'b', spec: { services: undefined } });
  const conflict = (owner: string) => [{ kind: 'address', value: '203.0.113.100', owner }];

  it.each([
    ['is none with a config alone', { configs: [younger], config: younger }, []],
    ['goes to the older of two', { configs: [younger, older], config: younger }, conflict('z')],
    ['leaves the older of two alone', { configs: [younger, older], config: older }, []],
    [
      'goes to who runs it, though younger',
      { configs: [younger, older], config: older, daemonSets: [daemonSet({ config: younger })] },
      conflict('a'),
    ],
    [
      'leaves who runs it alone',
      { configs: [younger, older], config: younger, daemonSets: [daemonSet({ config: younger })] },
      [],
    ],
    [
      'leaves who runs it alone, though its DaemonSet was edited',
      { configs: [younger, older], config: older, daemonSets: [edited(daemonSet({ config: younger }))] },
      conflict('a'),
    ],
    [
      'goes to who runs it before who only has a DaemonSet',
      {
        configs: [younger, older],
        config: older,
        daemonSets: [daemonSet({ config: younger }), edited(daemonSet({ config: older }))],
      },
      conflict('a'),
    ],
    [
      'goes to who ran it until its DaemonSet was deleted, because its pods may run on',
      { configs: [younger, older], config: older, recorded: [recorded({ config: younger })] },
      conflict('a'),
    ],
    [
      'goes not to who is remembered by the name alone',
      {
        configs: [younger, older],
        config: older,
        recorded: [recorded({ config: kubeVipConfig({ name: 'a', metadata: { uid: 'before' } }) })],
      },
      [],
    ],
    ['goes by name between two of one second', { configs: [younger, twin], config: twin }, conflict('a')],
    [
      'waits for a config that is gone but still runs',
      { configs: [younger], config: younger, daemonSets: [daemonSet({ config: older })] },
      conflict('z'),
    ],
  ])('%s', (_, world, expected) => {
    expect(findConflicts(freshSnapshot({ daemonSets: [], ...world }))).toEqual(expected);
  });
});
