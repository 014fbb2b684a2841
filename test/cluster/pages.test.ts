import { describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '@kubernetes/client-node';
import { ApiError, LargeAnswerError } from '../../src/cluster/errors.ts';
import type { Request } from '../../src/cluster/http.ts';
import { listAll } from '../../src/cluster/pages.ts';

const object = (name: string): KubernetesObject => ({ metadata: { name } });

/** Answers in turn; keeps what was asked. */
function pages(...answers: readonly unknown[]) {
  const asked: URLSearchParams[] = [];
  const left = [...answers];
  const send = async <T>({ path }: Request): Promise<T> => {
    asked.push(new URL(path, 'http://x').searchParams);
    const answer = left.shift();
    if (answer instanceof Error) {
      throw answer;
    }
    return answer as T;
  };
  return { asked, http: { send } };
}

const page = (resourceVersion: string, next: string, ...names: readonly string[]) => ({
  metadata: { resourceVersion, ...(next && { continue: next }) },
  items: names.map(object),
});

describe('listAll', () => {
  it('asks for one page after the other, and gives all objects with the version of the list', async () => {
    const { asked, http } = pages(page('9', 'more', 'a', 'b'), page('9', 'rest', 'c'), page('9', '', 'd'));
    const { items, version } = await listAll(http, { path: '/x' });
    expect(items.map(({ metadata }) => metadata?.name)).toEqual(['a', 'b', 'c', 'd']);
    expect(version).toBe('9');
    expect(asked.map((query) => query.get('continue'))).toEqual([null, 'more', 'rest']);
    expect(asked.map((query) => query.get('limit'))).toEqual(['500', '500', '500']);
  });

  it('keeps its selectors on every page', async () => {
    const { asked, http } = pages(page('9', 'more'), page('9', ''));
    await listAll(http, { path: '/x', labelSelector: 'a=b', fieldSelector: 'spec.nodeName=n1' });
    expect(asked.map((query) => query.get('labelSelector'))).toEqual(['a=b', 'a=b']);
    expect(asked.map((query) => query.get('fieldSelector'))).toEqual(Array(2).fill('spec.nodeName=n1'));
  });

  it('trims each object as it comes', async () => {
    const { http } = pages(page('9', '', 'a'));
    const trim = ({ metadata }: KubernetesObject) => ({ kind: 'Trimmed', metadata }) as KubernetesObject;
    expect((await listAll(http, { path: '/x', trim })).items).toEqual([
      { kind: 'Trimmed', metadata: { name: 'a' } },
    ]);
  });

  it('is refused whole when a later page has expired', async () => {
    const expired = new ApiError(410, 'GET /x', 'The provided continue parameter is too old');
    const { http } = pages(page('9', 'more', 'a'), expired);
    await expect(listAll(http, { path: '/x' })).rejects.toBe(expired);
  });

  it('asks for less where a page is too large, and for more again where it is not', async () => {
    const large = new LargeAnswerError('GET /x', 1);
    const { asked, http } = pages(
      page('9', 'more', 'a'),
      large,
      large,
      page('9', 'rest', 'b'),
      page('9', 'last', 'c'),
      page('9', '', 'd'),
    );
    const { items } = await listAll(http, { path: '/x' });
    expect(items.map(({ metadata }) => metadata?.name)).toEqual(['a', 'b', 'c', 'd']);
    expect(asked.map((query) => query.get('limit'))).toEqual(['500', '500', '62', '7', '14', '28']);
    expect(asked.map((query) => query.get('continue'))).toEqual([
      null,
      'more',
      'more',
      'more',
      'rest',
      'last',
    ]);
  });

  it('reads one object whatever its size', async () => {
    const asked: Request[] = [];
    const send = async <T>(request: Request): Promise<T> => {
      asked.push(request);
      if (request.mostBytes !== undefined) {
        throw new LargeAnswerError('GET /x', request.mostBytes);
      }
      return page('9', '', 'a') as T;
    };
    await expect(listAll({ send }, { path: '/x' })).resolves.toMatchObject({ version: '9' });
    expect(asked.map(({ path }) => new URL(path, 'http://x').searchParams.get('limit'))).toEqual([
      '500',
      '62',
      '7',
      '1',
    ]);
  });
});
