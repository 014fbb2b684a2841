import { describe, expect, it } from '@jest/globals';
import type { Request } from '../../src/cluster/http.ts';
import { readOwnImage } from '../../src/cluster/own-pod.ts';

const own = { namespace: 'kube-vip-system', name: 'operator-x' };

function answering(items: readonly object[]) {
  const requests: Request[] = [];
  return {
    requests,
    send: async <T>(request: Request): Promise<T> => {
      requests.push(request);
      return { items } as T;
    },
  };
}

describe('readOwnImage', () => {
  it('asks for one pod, as a list', async () => {
    const http = answering([]);
    await expect(readOwnImage(http, own)).resolves.toBeUndefined();
    expect(http.requests.map(({ path }) => path)).toEqual([
      '/api/v1/namespaces/kube-vip-system/pods?limit=500&fieldSelector=metadata.name%3Doperator-x',
    ]);
  });

  it.each<[string, object, object]>([
    [
      'takes the operator among other containers, and the pull secrets',
      {
        containers: [
          { name: 'mesh', image: 'm' },
          { name: 'operator', image: 'o' },
        ],
        imagePullSecrets: [{ name: 's' }],
      },
      { image: 'o', pullSecrets: ['s'] },
    ],
    [
      'takes the only container',
      { containers: [{ name: 'main', image: 'o' }] },
      { image: 'o', pullSecrets: [] },
    ],
  ])('%s', async (_, spec, expected) => {
    await expect(readOwnImage(answering([{ spec }]), own)).resolves.toEqual(expected);
  });
});
