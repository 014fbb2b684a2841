import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { NotLeadingError, OldViewError } from '../../src/cluster/errors.ts';
import type { Http, Request } from '../../src/cluster/http.ts';
import { Contact, Leadership } from '../../src/controller/leadership.ts';
import { leadUntilLost, spokenElection, strayNamespace } from '../../src/controller/leadership.ts';

const election = (elected: boolean, holder?: string) => ({
  campaign: async () => elected,
  hold: async () => holder,
});

describe('leadUntilLost', () => {
  it.each<[string, ReturnType<typeof election>, boolean, string | undefined]>([
    ['does not lead when it is stopped before its turn', election(false), false, undefined],
    ['says nothing when it is stopped while leading', election(true), true, undefined],
    [
      'names who took over',
      election(true, 'b'),
      true,
      'Lease kube-vip-operator: expected this operator as holder, found b',
    ],
    [
      'names nobody',
      election(true, ''),
      true,
      'Lease kube-vip-operator: expected this operator as holder, found nobody',
    ],
  ])('%s', async (_, row, leads, cause) => {
    let led = false;
    const loss = await leadUntilLost(row, () => void (led = true));
    expect([led, loss?.cause]).toEqual([leads, cause]);
  });
});

describe('strayNamespace', () => {
  it.each([
    ['lets an operator in its own namespace work', 'kube-vip-system', undefined],
    ['lets an operator outside a cluster work', undefined, undefined],
    [
      'stops one in another namespace',
      'x',
      'this operator runs in namespace x: expected kube-vip-system, where it and every kube-vip belong',
    ],
  ])('%s', (_, namespace, cause) => {
    expect(strayNamespace(namespace)?.cause).toBe(cause);
  });

  it('says how it is known', () => {
    expect(strayNamespace('x', 'has a ServiceAccount of')?.cause).toMatch(
      /^this operator has a ServiceAccount of namespace x: expected kube-vip-system/,
    );
  });
});

describe('spokenElection', () => {
  it('says a failure once until there is an answer, and who leads', () => {
    const lines: string[] = [];
    const log = pino(
      { base: null, timestamp: false },
      { write: (line) => lines.push((JSON.parse(line) as { msg: string }).msg) },
    );
    const spoken = spokenElection(log, 'a', new Contact(() => 0));
    spoken.onLeader('b');
    spoken.onError(new Error('x'));
    spoken.onError(new Error('x'));
    spoken.onAnswer();
    spoken.onError(new Error('x'));
    spoken.onLeader('a');
    const failure = 'cannot take or renew the Lease of the operator, trying again';
    expect(lines).toEqual(['another operator leads', failure, failure, 'leading']);
  });
});

describe('Leadership', () => {
  it.each([
    [
      'while lists are missing, which tells more than who leads',
      ['nodes', 'pods'],
      new OldViewError(['nodes', 'pods']),
    ],
    ['while it does not lead', [], new NotLeadingError('this operator does not lead')],
  ])('lets no write pass %s', async (_, missing, expected) => {
    const http = { send: async ({ leftMs }: Request) => leftMs?.() } as unknown as Http;
    const { fenced } = new Leadership({
      http,
      log: pino({ level: 'silent' }),
      identity: 'a',
      lostSeconds: 60,
      unsynced: () => missing,
      echo: { onVersion: () => undefined, onWentBack: () => undefined },
    });
    await expect(fenced.send({ method: 'PATCH', path: '/x' })).rejects.toEqual(expected);
  });
});

function makeContact() {
  let time = 0;
  return { contact: new Contact(() => time), pass: (ms: number) => void (time += ms) };
}

describe('Contact', () => {
  it('is lost a while after the first failure, however many follow', () => {
    const { contact, pass } = makeContact();
    contact.failed('pods');
    pass(600);
    contact.failed('pods');
    pass(400);
    expect(contact.lostFor(1000)).toEqual([]);
    pass(1);
    expect(contact.lostFor(1000)).toEqual(['pods']);
  });

  it('is back with the first answer, and each counts for itself', () => {
    const { contact, pass } = makeContact();
    contact.failed('pods');
    contact.failed('nodes');
    pass(2000);
    contact.answered('pods');
    expect(contact.lostFor(1000)).toEqual(['nodes']);
    contact.failed('pods');
    expect(contact.lostFor(1000)).toEqual(['nodes']);
  });
});
