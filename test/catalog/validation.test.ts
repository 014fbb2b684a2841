import { describe, expect, it } from '@jest/globals';
import { apiRules } from '../../src/api/rules.ts';
import { rules, validate } from '../../src/catalog/validation.ts';
import { versionRules } from '../../src/catalog/version-rules.ts';
import { kubeVipConfig } from '../builders.ts';

const messagesOf = (...change: Parameters<typeof validate>): readonly string[] =>
  validate(...change).map(({ message }) => message);

describe('validate', () => {
  it('holds every rule, each under an id of its own', () => {
    expect(rules).toEqual([...apiRules, ...versionRules]);
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });

  it.each([
    ['says nothing of a good object', kubeVipConfig(), []],
    [
      'names the versions when it knows none like it',
      kubeVipConfig({ spec: { version: 'v9.9.9' } }),
      [expect.stringMatching(/^spec\.version: expected one of v0\.6\.4, .*v1\.2\.3, found v9\.9\.9$/)],
    ],
    [
      'says all problems at once',
      kubeVipConfig({
        spec: {
          version: 'v1.2.3',
          controlPlane: { addresses: ['127.0.0.1'], interface: 'lo' },
          leaderElection: { leaseDurationSeconds: 5, renewDeadlineSeconds: 5, retryPeriodSeconds: 5 },
        },
      }),
      [
        expect.stringMatching(/^spec\.controlPlane\.interface: .*found lo$/),
        expect.stringMatching(/^spec\.controlPlane\.addresses: .*found 127\.0\.0\.1$/),
        expect.stringMatching(/^spec\.leaderElection: expected leaseDurationSeconds .*found 5; with less/),
        expect.stringMatching(/^spec\.leaderElection: expected renewDeadlineSeconds .*found 5 and 5$/),
        expect.stringMatching(/^spec\.version: .*found v1\.2\.3; a services leader/),
      ],
    ],
  ])('%s', (_, config, expected) => {
    expect(messagesOf(config)).toEqual(expected);
  });

  it('compares with the object that is replaced', () => {
    const changed = kubeVipConfig({ spec: { controlPlane: { addresses: ['203.0.113.7'] } } });
    expect(messagesOf(changed, kubeVipConfig())).toEqual([
      expect.stringContaining('expected 203.0.113.100 as before (immutable), found 203.0.113.7'),
    ]);
  });

  it('says of each where it is', () => {
    const pools = [
      { name: 'a', addresses: ['192.0.2.64/27'] },
      { name: 'b', addresses: ['192.0.2.0/27', '192.0.2.70-192.0.2.80'] },
    ];
    const config = kubeVipConfig({
      spec: { version: 'v9.9.9', controlPlane: { addresses: ['127.0.0.1'] }, services: { pools } },
    });
    expect(validate(config).map(({ path }) => path)).toEqual([
      'spec.version',
      'spec.controlPlane.addresses[0]',
      'spec.services.pools[1].addresses[1]',
    ]);
  });
});
