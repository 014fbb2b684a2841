// What the scheduler and the container runtime say, cut down to the part that tells a person something.
import { clip } from '../api/words.ts';

const longest = 200;

/** One line of at most 200 characters, without a full stop. */
export function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return clip(line, longest).replace(/[.\s]+$/, '');
}

// A pod of a DaemonSet is for one node: what the scheduler says of the others, and of preemption, is noise.
const head = /^\d+\/\d+ nodes are available: /;
const tail = /\. (no new claims|preemption: ).*$/s;
const ofOthers = /^\d+ node\(s\) didn't (satisfy plugin\(s\) \[NodeAffinity\]|match Pod's node affinity)/;

/** For example `Insufficient cpu`, of `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't satisfy …`. */
export function schedulerSays(message: string): string {
  const parts = message
    .trim()
    .replace(tail, '')
    .replace(head, '')
    .split(/, (?=\d+ )/);
  const own = parts.filter((part) => !ofOthers.test(part));
  const said = head.test(message.trim()) && own.length > 0 ? own : parts;
  return shorten(said.map((part) => part.replace(/^\d+ /, '')).join(', '));
}

// The kubelet alternates between the error and "back-off" in front of it: the same trouble, said in the same words.
const backOff = /^Back-off pulling image "[^"]*"(: \w+: )?/;
// What containerd puts before the cause, which is last, and what differs from one attempt to the next.
const wrapping =
  /(failed to pull and unpack image "[^"]*"|failed to resolve image|failed to resolve reference "[^"]*"|failed to do request|(Head|Get) "[^"]*"|read (udp|tcp) \S+->\S+|rpc error: code = \w+ desc =):? ?/g;

/** The cause, for example `dial tcp: lookup registry.example.org: no such host`; empty when none is given. */
export const runtimeSays = (message: string): string =>
  shorten(message.replace(backOff, '').replaceAll(wrapping, ''));
