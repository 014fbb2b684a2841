// What real components said (lab run, Kubernetes 1.36.3, containerd 2.2), and what is told of it.
import { describe, expect, it } from '@jest/globals';
import { runtimeSays, schedulerSays, shorten } from '../../src/observed/complaints.ts';

describe('schedulerSays', () => {
  const rest =
    "2 node(s) didn't satisfy plugin(s) [NodeAffinity]. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.";

  it.each([
    [
      'keeps what its own node lacks',
      `0/3 nodes are available: 1 Insufficient cpu, ${rest}`,
      'Insufficient cpu',
    ],
    [
      'keeps that a port is taken',
      `0/3 nodes are available: 1 node(s) didn't have free ports for the requested pod ports, ${rest}`,
      "node(s) didn't have free ports for the requested pod ports",
    ],
    [
      'keeps all that one node lacks',
      `0/3 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, ${rest}`,
      'Insufficient cpu, Insufficient memory',
    ],
    [
      'keeps what is said of every node, when nothing else is',
      "0/2 nodes are available: 2 node(s) didn't satisfy plugin(s) [NodeAffinity].",
      "node(s) didn't satisfy plugin(s) [NodeAffinity]",
    ],
    [
      'keeps what it does not know',
      'no nodes available to schedule pods',
      'no nodes available to schedule pods',
    ],
    ['says nothing of nothing', '', ''],
  ])('%s', (_, message, expected) => {
    expect(schedulerSays(message)).toBe(expected);
  });
});

describe('runtimeSays', () => {
  const digest = `sha256:${'8'.repeat(64)}`;
  const resolving = (port: number): string =>
    `failed to pull and unpack image "registry.invalid/kube-vip@${digest}": failed to resolve image: failed to do request: Head "https://registry.invalid/v2/kube-vip/manifests/${digest}": dial tcp: lookup registry.invalid on 192.0.2.53:53: read udp 203.0.113.13:${port}->192.0.2.53:53: i/o timeout`;

  it('keeps the cause, which comes last, and nothing that differs from one attempt to the next', () => {
    const said = 'dial tcp: lookup registry.invalid on 192.0.2.53:53: i/o timeout';
    expect([
      runtimeSays(resolving(60_073)),
      runtimeSays(
        `Back-off pulling image "registry.invalid/kube-vip:v1.1.2@${digest}": ErrImagePull: ${resolving(59_848)}`,
      ),
    ]).toEqual([said, said]);
  });

  it('keeps what it does not know', () => {
    expect(runtimeSays('toomanyrequests: slow down')).toBe('toomanyrequests: slow down');
  });
});

describe('shorten', () => {
  it('makes one line of at most 200 characters', () => {
    expect([shorten(' a\n b. '), shorten('x'.repeat(300)).length]).toEqual(['a b', 200]);
  });
});
