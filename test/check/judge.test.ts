import { describe, expect, it } from '@jest/globals';
import {
  judgeRefusal,
  judgeReplicas,
  judgeUninstall,
  unsafeConfig,
  type ReplicaAnswer,
} from '../../src/check/judge.ts';
import { validate } from '../../src/catalog/validation.ts';
import type { KubeVipConfig } from '../../src/api/types.ts';

const ready: ReplicaAnswer = { pod: 'a', status: 200, text: 'ok\n' };

describe('the replicas of an install', () => {
  it.each<[string, number, readonly ReplicaAnswer[], readonly string[]]>([
    ['are well when each is ready', 2, [ready, ready], []],
    ['are well when there are more, as in a rollout', 1, [ready, ready], []],
    [
      'are too few',
      2,
      [ready],
      [
        'Pods of the operator: expected 2 in kube-vip-system, found 1; see kubectl describe deployment kube-vip-operator -n kube-vip-system',
      ],
    ],
    [
      'are not ready, and say why',
      1,
      [{ pod: 'b', status: 503, text: 'no list of nodes\n' }],
      ['Pod b: expected /readyz to answer 200, found 503 (no list of nodes); read its log'],
    ],
    [
      'do not answer',
      1,
      [{ pod: 'b', status: undefined, text: '' }],
      ['Pod b: expected /readyz to answer 200, found no answer (no text); read its log'],
    ],
  ])('%s', (_, wanted, answers, sentences) => {
    expect(judgeReplicas(wanted, answers)).toEqual(sentences);
  });
});

describe('an unsafe KubeVipConfig', () => {
  it('is one by the rules of this version', () => {
    expect(validate(unsafeConfig as KubeVipConfig).map(({ message }) => message)).toEqual([
      expect.stringContaining('v0.7.2'),
    ]);
  });

  it.each([
    ['is refused by a rule', 422, 'KubeVipConfig is invalid: v0.7.2 must not', undefined],
    ['is taken', 200, '{}', 'found that it takes it; install the CRD'],
    ['is refused for want of rights', 403, 'v0.7.2: forbidden', 'found 403 (v0.7.2: forbidden)'],
    ['is refused for another reason', 422, 'unknown field', 'found 422 (unknown field)'],
    ['is of a kind that is not served', 404, '404 page not found', 'found 404 (404 page not found)'],
  ])('%s', (_, status, message, says) => {
    const said = judgeRefusal({ status, message });
    expect(said ?? '').toContain(says ?? '');
    expect(said === undefined).toBe(says === undefined);
  });
});

describe('an uninstall', () => {
  const listOf = (...names: readonly string[]): string =>
    JSON.stringify({ items: names.map((name) => ({ metadata: { name } })) });

  it.each([
    ['may go on without any KubeVipConfig', 200, listOf(), undefined],
    ['may go on without the CRD', 404, '404 page not found', undefined],
    [
      'waits for each KubeVipConfig',
      200,
      listOf('edge', 'lab'),
      'KubeVipConfigs: expected none before an uninstall, found edge, lab; kubectl delete kubevipconfig --all, and wait until it returns',
    ],
    [
      'waits where it cannot be judged',
      503,
      'overloaded',
      'API server: expected every KubeVipConfig, found 503 (overloaded); look at it, then uninstall again',
    ],
  ])('%s', (_, status, message, said) => {
    expect(judgeUninstall({ status, message })).toBe(said);
  });
});
