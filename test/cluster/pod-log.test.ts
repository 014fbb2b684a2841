import { describe, expect, it } from '@jest/globals';
import { lastLine, readBeginning, readLastLine } from '../../src/cluster/pod-log.ts';
import { recorder } from './requests.ts';

describe('lastLine', () => {
  it.each([
    ['is the last one', 'one\ntwo\n\n', 'two'],
    ['is empty without a log', '', ''],
    [
      'is the one that complains, when more follows',
      'time="2026-11-24T12:00:00Z" level=info msg="x"\npanic: nil map\n\ngoroutine 1 [running]:\nmain.main()\n',
      'panic: nil map',
    ],
    [
      'has no time of slog',
      '2026/11/24 12:00:00 ERROR unable to start err="no such device"',
      'ERROR unable to start err="no such device"',
    ],
    ['has no time of logrus', 'time="2026-11-24T12:00:00Z" level=fatal msg=x', 'level=fatal msg=x'],
    [
      'has no time of klog',
      'E1124 12:00:00.123456       1 le.go:436] error retrieving',
      'le.go:436] error retrieving',
    ],
    ['has no colours', '\u001B[31mERRO\u001B[0m failed', 'ERRO failed'],
  ])('%s', (_, text, line) => {
    expect(lastLine(text)).toBe(line);
  });

  it('has at most 200 characters', () => {
    expect(lastLine('x'.repeat(500))).toHaveLength(200);
  });
});

describe('readLastLine', () => {
  it.each([
    [true, '&previous=true'],
    [false, ''],
  ])('asks for few lines of one container (previous: %s)', async (previous, query) => {
    const { requests, send } = recorder('hello');
    await expect(readLastLine({ send }, 'edge-services-x', previous)).resolves.toBe('"hello"');
    expect(requests.map(({ path }) => path)).toEqual([
      `/api/v1/namespaces/kube-vip-system/pods/edge-services-x/log?container=kube-vip&tailLines=20${query}&limitBytes=65536`,
    ]);
  });
});

describe('readBeginning', () => {
  it('asks for no more than the beginning of one container', async () => {
    const { requests, send } = recorder('hello');
    await expect(readBeginning({ send }, 'edge-services-x')).resolves.toBe('"hello"');
    expect(requests.map(({ path }) => path)).toEqual([
      '/api/v1/namespaces/kube-vip-system/pods/edge-services-x/log?container=kube-vip&limitBytes=65536',
    ]);
  });
});
