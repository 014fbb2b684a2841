// What was promised by a write that is not seen yet.
import { describe, expect, it } from '@jest/globals';
import { AddressBook } from '../../src/grants/book.ts';
import { Reservations } from '../../src/grants/reservations.ts';
import { standingOf } from '../../src/grants/standing.ts';
import { serviceOf } from './world.ts';

const asker = standingOf(serviceOf());
const address = '203.0.113.9';

describe('a promise', () => {
  it('is settled when the Service is seen in another version', () => {
    const rows = new Reservations();
    rows.make('a/x', '1', [address]);
    expect(['1', '2'].map((version) => rows.isSettled('a/x', version))).toEqual([false, true]);
  });

  it('is kept beside the next one when its answer was lost', () => {
    const rows = new Reservations();
    rows.make('a/x', '1', [address]);
    rows.make('a/x', '1', ['203.0.113.10']);
    expect(rows.of('a/x')).toEqual(['203.0.113.10']);
    rows.doubt('a/x');
    rows.make('a/x', '1', ['203.0.113.11']);
    expect(rows.of('a/x')).toEqual(['203.0.113.10', '203.0.113.11']);
    rows.end('a/x');
    expect([rows.of('a/x'), rows.unsureOf('a/x')]).toEqual([[], []]);
  });
});

describe('of a write whose answer was lost', () => {
  function lost(): AddressBook {
    const book = new AddressBook();
    book.put(asker, 0);
    book.reserve(asker, [address]);
    book.doubt(asker.key);
    return book;
  }

  it('the address is kept when the next write is refused: it may be because of the first', () => {
    const book = lost();
    book.refused(asker.key);
    expect(book.isHeldByAnother(address, 'a/other')).toBe(true);
  });

  it('the address is free when the Service is seen without it', () => {
    const book = lost();
    book.put(standingOf(serviceOf({ version: 2 })), 0);
    expect(book.isHeldByAnother(address, 'a/other')).toBe(false);
  });

  it('the address rests when the Service is gone, and no kube-vip is known to have had it', () => {
    const book = lost();
    book.remove(asker.key, 5);
    expect(book.departureOf(address)).toMatchObject({
      key: asker.key,
      at: 5,
      wasPublished: false,
      leader: '',
    });
  });

  it('the address rests when the Service comes anew without it', () => {
    const book = lost();
    book.put(standingOf(serviceOf({ version: 2 })), 5);
    expect(book.departureOf(address)).toMatchObject({ key: asker.key, at: 5 });
    expect(book.isHeldByAnother(address, 'a/other')).toBe(false);
  });

  it('and of one that was refused, it is free', () => {
    const book = new AddressBook();
    book.put(asker, 0);
    book.reserve(asker, [address]);
    book.refused(asker.key);
    expect(book.isHeldByAnother(address, 'a/other')).toBe(false);
    book.remove(asker.key, 5);
    expect(book.departureOf(address)).toBeUndefined();
  });
});
