// A round of reading in which something cannot be read.
import { describe, expect, it } from '@jest/globals';
import { ApiError } from '../../../src/cluster/errors.ts';
import { namespaceAnswers, read, round, server } from './played-api.ts';

describe('a round', () => {
  it('notes what it may not read, and reads the rest', async () => {
    const refused = new ApiError(403, 'GET /apis/apps/v1/deployments', 'forbidden');
    const found = await read({ '/apis/apps/v1/deployments': refused, '/version': { gitVersion: 'v1.36.3' } });
    expect(found.unread).toEqual([
      { what: 'Deployments', why: 'GET /apis/apps/v1/deployments: 403 forbidden' },
    ]);
    expect(found.serverVersion).toBe('1.36.3');
  });

  it.each([
    ['an API server that cannot do its work', new ApiError(503, 'GET x', 'down')],
    ['no answer', new Error('ECONNREFUSED')],
    ['a list that never comes to its end', new ApiError(410, 'GET x', 'expired')],
  ])('reads the rest with %s, after three tries', async (_, error) => {
    const http = server({ '/version': error, ...namespaceAnswers });
    const found = await read({}, [], http);
    expect(found).toMatchObject({ serverVersion: '', namespaceLabels: { a: 'b' } });
    expect(found.unread).toEqual([{ what: 'version', why: error.message }]);
    expect(http.given.get('/version')).toBe(3);
  });

  it('fails as a whole when nothing is answered', async () => {
    const error = new Error('ECONNREFUSED');
    const http = { send: () => Promise.reject(error), given: new Map<string, number>() };
    await expect(round(http)).rejects.toBe(error);
  });

  describe('what it found before', () => {
    const pool = { metadata: { namespace: 'm', name: 'p' }, spec: { addresses: ['203.0.113.0/24'] } };
    const pools = '/apis/metallb.io/v1beta1/ipaddresspools';
    const good = { '/apis': { groups: [{ name: 'metallb.io' }] }, [pools]: { items: [pool] } };
    const knownSince = '2026-11-24T12:00:00Z';

    it.each([
      ['an API server that cannot do its work', 500],
      ['an API server that asks for fewer requests', 429],
      ['a permission that was taken away', 403],
    ])('stands in for what is not read: %s', async (_, status) => {
      const before = await round(server(good));
      const bad = { ...good, [pools]: new ApiError(status, `GET ${pools}`, 'no') };
      const { survey, memory } = await round(server(bad), { memory: before.memory });
      expect(survey.pools).toEqual(before.survey.pools);
      expect(survey.unread).toEqual([{ what: pools, why: `GET ${pools}: ${status} no`, knownSince }]);
      expect((await round(server(bad), { memory })).survey).toEqual(survey);
    });

    it('is forgotten when it is read again', async () => {
      const before = await round(server(good));
      const { survey } = await round(server({ ...good, [pools]: { items: [] } }), { memory: before.memory });
      expect([survey.pools, survey.unread]).toEqual([[], []]);
    });
  });

  it('asks again when one API server of several does not answer', async () => {
    const answers = [new Error('ECONNREFUSED'), new ApiError(500, 'GET x', 'no'), { gitVersion: 'v1.36.3' }];
    await expect(read({ '/version': answers })).resolves.toMatchObject({ serverVersion: '1.36.3' });
  });

  it.each([401, 429])('does not ask again after %d', async (status) => {
    const error = new ApiError(status, 'GET x', 'no');
    const http = server({ '/version': error });
    expect((await read({}, [], http)).unread).toEqual([{ what: 'version', why: `GET x: ${status} no` }]);
    expect(http.given.get('/version')).toBe(1);
  });
});
