import { describe, expect, it } from '@jest/globals';
import { parseOptions, UsageError } from '../src/options.ts';

describe('parseOptions', () => {
  it.each([
    [
      'has a default for everything',
      [],
      {
        kubeconfig: undefined,
        logLevel: 'info',
        healthPort: 8081,
        metricsPort: 8080,
        resyncSeconds: 600,
        stuckSeconds: 120,
        lostSeconds: 60,
        probeAddresses: true,
        nodeName: undefined,
        podNamespace: undefined,
      },
    ],
    [
      'reads each flag',
      [
        '--kubeconfig',
        'f',
        '--log-level=debug',
        '--health-port=0',
        '--metrics-port=1',
        '--resync-seconds=5',
        '--probe-addresses=off',
        '--stuck-seconds=7',
        '--lost-seconds=8',
      ],
      {
        kubeconfig: 'f',
        logLevel: 'debug',
        healthPort: 0,
        metricsPort: 1,
        resyncSeconds: 5,
        stuckSeconds: 7,
        lostSeconds: 8,
        probeAddresses: false,
        nodeName: undefined,
        podNamespace: undefined,
      },
    ],
    ['gives nothing when only help is asked for', ['--help'], undefined],
  ])('%s', (_, args, expected) => {
    expect(parseOptions(args)).toEqual(expected);
  });

  it('reads the node from the environment', () => {
    expect(parseOptions([], { POD_NODE_NAME: 'n1' })).toMatchObject({ nodeName: 'n1' });
  });

  it('takes the image of probes from its flag, and the own pod from the environment', () => {
    const env = { POD_NAME: 'operator-x' };
    expect(parseOptions(['--probe-image=a.io/b:v1'], env)).toMatchObject({
      probeImage: 'a.io/b:v1',
      podName: 'operator-x',
    });
    expect(parseOptions([])).toMatchObject({ probeImage: undefined, podName: undefined });
  });

  it('takes the namespace of the pod from the environment, and an empty value for none', () => {
    expect(parseOptions([], { POD_NAMESPACE: 'b' })?.podNamespace).toBe('b');
    expect(parseOptions([], { POD_NAMESPACE: '' })?.podNamespace).toBeUndefined();
  });

  it.each([
    [
      'names a level that is none',
      ['--log-level=loud'],
      '--log-level: expected one of trace, debug, info, warn, error, found loud',
    ],
    [
      'names a port that is none',
      ['--health-port=x'],
      '--health-port: expected a whole number from 0 to 65535, found x',
    ],
    [
      'names an interval out of range',
      ['--resync-seconds=0'],
      '--resync-seconds: expected a whole number from 1 to 86400, found 0',
    ],
    [
      'names a switch that is neither on nor off',
      ['--probe-addresses=maybe'],
      '--probe-addresses: expected on or off, found maybe',
    ],
    ['names a flag that is none', ['--vip'], "Unknown option '--vip'"],
  ])('%s', (_, args, message) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(message);
  });
});
