import { describe, expect, it } from '@jest/globals';
import { parseOptions, UsageError } from '../src/options.ts';

describe('parseOptions', () => {
  it.each([
    [
      'has a default for everything',
      [],
      { kubeconfig: undefined, logLevel: 'info', healthPort: 8081, resyncSeconds: 600 },
    ],
    [
      'reads each flag',
      ['--kubeconfig', 'f', '--log-level=debug', '--health-port=0', '--resync-seconds=5'],
      { kubeconfig: 'f', logLevel: 'debug', healthPort: 0, resyncSeconds: 5 },
    ],
    ['gives nothing when only help is asked for', ['--help'], undefined],
  ])('%s', (_, args, expected) => {
    expect(parseOptions(args)).toEqual(expected);
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
    ['names a flag that is none', ['--vip'], "Unknown option '--vip'"],
  ])('%s', (_, args, message) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(message);
  });
});
