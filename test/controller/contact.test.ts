import { describe, expect, it } from '@jest/globals';
import { Contact } from '../../src/controller/contact.ts';

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
