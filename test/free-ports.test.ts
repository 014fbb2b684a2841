import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { freePorts, isFree, portGiver, rangeOf } from './free-ports.ts';

const range = { first: 20_000, count: 4 };
const allBut = (...taken: readonly number[]) => {
  return (port: number): Promise<boolean> => Promise.resolve(!taken.includes(port));
};

describe('free ports', () => {
  it('are others for each worker, and none that the kernel gives away', () => {
    const all = Array.from({ length: 16 }, (_, worker) => rangeOf(worker)).toSorted(
      (a, b) => a.first - b.first,
    );
    const ends = all.map((row) => row.first + row.count);
    expect(all.slice(1).every((row, index) => row.first >= (ends[index] ?? Infinity))).toBe(true);
    expect(all[0]?.first).toBeGreaterThan(1024);
    expect(ends.at(-1)).toBeLessThanOrEqual(32_768);
  });

  it('are given in turn, from anywhere, and none twice before all were given', async () => {
    const give = portGiver(range, 2, allBut());
    expect([...(await give(2)), ...(await give(2))]).toEqual([20_002, 20_003, 20_000, 20_001]);
  });

  it('are given once to those who ask at the same time', async () => {
    const give = portGiver(range, 0, allBut());
    const given = (await Promise.all([give(2), give(2)])).flat();
    expect(new Set(given).size).toBe(4);
  });

  it('are none that somebody has', async () => {
    expect(await portGiver(range, 0, allBut(20_000, 20_002))(2)).toEqual([20_001, 20_003]);
  });

  it('end with a word when there are too few', async () => {
    await expect(portGiver(range, 0, allBut(20_000, 20_002))(3)).rejects.toThrow(
      'ports: expected 3 free from 20000 to 20003, found 2; end what listens there',
    );
  });

  it.each(['127.0.0.1', '0.0.0.0'])('are found out by listening: one on %s has its port', async (address) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, address, resolve));
    const { port } = server.address() as AddressInfo;
    expect(await isFree(port)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
  });

  it('are as many as were asked for', async () => {
    expect(new Set(await freePorts(5)).size).toBe(5);
  });
});
