import { describe, expect, it } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import { podProblemsOf } from '../../src/observed/pod-problems.ts';
import { sayPodProblems } from '../../src/observed/pod-words.ts';
import { pod } from '../builders.ts';
import { ailing, ended } from './pod-problem-cases.ts';

const say = (pods: readonly V1Pod[], words = {}) => sayPodProblems(podProblemsOf(pods), words);
const logsOf = (name: string) => `Read on with kubectl -n kube-vip-system logs ${name} --previous.`;

describe('sayPodProblems', () => {
  it('says nothing of no pods', () => {
    expect(say([])).toBeUndefined();
  });

  it('counts pods with one problem, and quotes the one whose log was read', () => {
    const pods = ['n1', 'n2', 'n3'].map((node) => ailing(ended(1), node));
    expect(say(pods, { 'edge-control-plane-n2': 'no such device' })).toEqual({
      clauses: [
        'pod edge-control-plane-n2 on n2 crashes with exit code 1, 3 pods affected',
        'pod edge-control-plane-n2 on n2 crashes with exit code 1',
        'kube-vip on n2 crashes with exit code 1',
      ],
      detail: 'Its log ends with “no such device”.',
      todo: logsOf('edge-control-plane-n2'),
    });
  });

  it('quotes no log of a pod that runs', () => {
    expect(say([pod({ isReady: false })], { 'edge-control-plane-n1': 'old' })).toMatchObject({
      detail: '',
      todo: 'When that lasts, see kubectl -n kube-vip-system describe pod edge-control-plane-n1.',
    });
  });

  it('says where to read on once for each way, and not of a pod that starts where another is in trouble', () => {
    const refused = ailing({ state: { waiting: { reason: 'CreateContainerError', message: 'x' } } }, 'n2');
    const pods = [ailing(ended(1)), refused, pod({ node: 'n3', isReady: false })];
    expect(say(pods)).toMatchObject({
      detail:
        'Pod edge-control-plane-n2 on n2 cannot start (CreateContainerError: x). Pod edge-control-plane-n3 on n3 is starting.',
      todo: `${logsOf('edge-control-plane-n1')} See kubectl -n kube-vip-system describe pod edge-control-plane-n2.`,
    });
  });

  it('tells three kinds of trouble and counts the rest', () => {
    const pods = [1, 2, 3, 4, 4].map((code, index) => ailing(ended(code), `n${index}`));
    expect(say(pods)).toMatchObject({
      detail:
        'Pod edge-control-plane-n1 on n1 crashes with exit code 2. Pod edge-control-plane-n2 on n2 crashes with exit code 3. 2 more pods have other trouble.',
      todo: logsOf('edge-control-plane-n0'),
    });
  });
});
