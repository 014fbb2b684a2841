// Whether somebody answers for an address. No raw socket and no capability: a TCP connection makes the kernel ask
// for the address by ARP or NDP, and how the attempt ends, or the ARP table, says whether anybody answered.
import { isIPv4 } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../api/node-report.ts';
import { dial } from '../cluster/dial.ts';
import type { DialAnswer } from '../observed/snapshot.ts';
import { readKernel } from './interfaces.ts';
import { neighbour } from './kernel-tables.ts';

// The kernel asks three times, a second apart. Who is there answers the third time at the latest.
const silentMs = 2400;
// An entry of the ARP table may be an old one: it is believed after 5 s, then asked again, three times.
const doubtMs = 10_000;
const lookMs = 50;

async function ask(address: string, port: number): Promise<Answer | undefined> {
  const answeredBy = (): string | undefined =>
    isIPv4(address) ? neighbour(readKernel('/proc/net/arp'), address) : undefined;
  const isOld = answeredBy() !== undefined;
  let heard: DialAnswer | undefined;
  void dial({ address, port }, doubtMs).then((answer) => (heard = answer));
  const since = performance.now();
  const isOpen = (): boolean => {
    const mac = answeredBy();
    const patience = mac === undefined ? silentMs : isOld ? doubtMs : 0;
    return heard === undefined && performance.now() - since < patience;
  };
  while (isOpen()) {
    await sleep(lookMs);
  }
  const mac = answeredBy();
  return heard === 'answers' || mac !== undefined
    ? { address, ...(mac !== undefined && { mac }) }
    : undefined;
}

/** Of some addresses that this node does not have, those that somebody answers for. Takes up to 10 s. */
export async function whoAnswers(addresses: readonly string[], port: number): Promise<readonly Answer[]> {
  const answers = await Promise.all(addresses.map((address) => ask(address, port)));
  return answers.filter((answer) => answer !== undefined);
}
