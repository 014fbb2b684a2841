import { describe, expect, it } from '@jest/globals';
import { learnImage, probeSourceOf, type ProbeSource } from '../../src/controller/own-image.ts';

describe('what probes run is', () => {
  it.each<[string, Parameters<typeof probeSourceOf>[0], ProbeSource]>([
    ['the image of the flag', { probeImage: 'a.io/b:v1', podName: 'operator-x' }, { image: 'a.io/b:v1' }],
    ['that of the own pod', { probeImage: undefined, podName: 'operator-x' }, { pod: 'operator-x' }],
    ['unknown outside a cluster', { probeImage: undefined, podName: undefined }, undefined],
    ['unknown when the own pod has no name', { probeImage: undefined, podName: '' }, undefined],
  ])('%s', (_, options, expected) => {
    expect(probeSourceOf(options)).toEqual(expected);
  });
});

/** An API server that fails at first, then has the operator's pod; and what was done meanwhile. */
function world(failures: number) {
  const seen = { asked: 0, warned: 0, paused: 0 };
  const pod = {
    spec: { containers: [{ name: 'operator', image: 'o:v1' }], imagePullSecrets: [{ name: 's' }] },
  };
  const http = {
    send: async <T>(): Promise<T> => {
      seen.asked += 1;
      if (seen.asked <= failures) {
        throw new Error('nobody answers');
      }
      return { items: [pod] } as T;
    },
  };
  const log = { warn: () => void (seen.warned += 1) };
  const pause = async (): Promise<void> => void (seen.paused += 1);
  return { seen, learn: (source: ProbeSource) => learnImage(source, http, log, pause) };
}

describe('learnImage', () => {
  it('asks nobody for what a flag says', async () => {
    const { seen, learn } = world(0);
    await expect(learn({ image: 'a.io/b:v1' })).resolves.toEqual({ image: 'a.io/b:v1', pullSecrets: [] });
    await expect(learn(undefined)).resolves.toBeUndefined();
    expect(seen.asked).toBe(0);
  });

  it('asks for the own pod until the API server answers, and says each time that it did not', async () => {
    const { seen, learn } = world(2);
    await expect(learn({ pod: 'operator-x' })).resolves.toEqual({ image: 'o:v1', pullSecrets: ['s'] });
    expect(seen).toEqual({ asked: 3, warned: 2, paused: 2 });
  });
});
