import { channel } from 'node:diagnostics_channel';
import { expect, it } from '@jest/globals';
import { keepAlive } from '../../src/cluster/keep-alive.ts';

it('has every connection asked each second, and given up after three questions, once', () => {
  const asked: unknown[] = [];
  const socket = { setKeepAlive: (...how: readonly unknown[]) => asked.push(how) };
  const connected = channel('undici:client:connected');
  connected.publish({ socket });
  expect(asked).toEqual([]);
  keepAlive();
  keepAlive();
  connected.publish({ socket });
  expect(asked).toEqual([[true, 1000, 1000, 3]]);
});
