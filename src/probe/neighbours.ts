// Whether somebody answers for an address. No raw socket and no capability: a TCP connection makes the kernel ask
// for the address by ARP or NDP, and how the attempt ends, or the ARP table, says whether anybody answered.
import { isIPv4 } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../api/node-report.ts';
import { dial } from '../cluster/dial.ts';
import type { DialAnswer } from '../observed/snapshot.ts';
import { readKernel } from './interfaces.ts';
import { neighbour } from './kernel-tables.ts';

/** The kernel asks three times, a second apart. Who is there answers the third time at the latest. */
export const silentMs = 2400;
// An entry of the ARP table may be an old one: it is believed after 5 s, then asked again, three times.
const doubtMs = 10_000;
const lookMs = 50;

/** What a question is asked with; replaced in tests. */
export interface Asking {
  readonly dial: typeof dial;
  /** Text of the kernel's ARP table. */
  readonly arp: () => string;
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** Resolves when what this turn of the event loop began is under way. */
  readonly nextTurn: () => Promise<unknown>;
}

const here: Asking = {
  dial,
  arp: () => readKernel('/proc/net/arp'),
  now: () => performance.now(),
  sleep,
  nextTurn,
};

async function ask(address: string, port: number, by: Asking): Promise<Answer | undefined> {
  const answeredBy = (): string | undefined => (isIPv4(address) ? neighbour(by.arp(), address) : undefined);
  const isOld = answeredBy() !== undefined;
  let heard: DialAnswer | undefined;
  void by.dial({ address, port }, doubtMs).then((answer) => (heard = answer));
  // The first packet leaves after this turn: silence counts from then.
  await by.nextTurn();
  const since = by.now();
  const leftMs = (): number => {
    const mac = answeredBy();
    const patience = mac === undefined ? silentMs : isOld ? doubtMs : 0;
    return heard === undefined ? patience - (by.now() - since) : 0;
  };
  for (let left = leftMs(); left > 0; left = leftMs()) {
    await by.sleep(Math.min(lookMs, left));
  }
  const mac = answeredBy();
  return heard === 'answers' || mac !== undefined
    ? { address, ...(mac !== undefined && { mac }) }
    : undefined;
}

/** Of some addresses that this node does not have, those that another machine answers for. Takes up to 10 s. */
export async function whoAnswers(
  addresses: readonly string[],
  port: number,
  by: Asking = here,
): Promise<readonly Answer[]> {
  const answers = await Promise.all(addresses.map((address) => ask(address, port, by)));
  return answers.filter((answer) => answer !== undefined);
}
