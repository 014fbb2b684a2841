// How much one namespace has under way: what it may do at once, what it waits for, and what it does after it let go.
import { describe, expect, it } from '@jest/globals';
import { Pace, stuckMs } from '../../src/grants/pace.ts';
import { standingOf, type Standing } from '../../src/grants/standing.ts';
import { serviceOf, type ServiceOptions } from './world.ts';

const address = '203.0.113.110';
const minute = 60_000;

const named = (name: string, options: ServiceOptions = {}): Standing =>
  standingOf(serviceOf({ name, namespace: 'a', ...options }));
const granted = (name: string, options: ServiceOptions = {}): Standing =>
  named(name, { has: address, ...options });
const published = (name: string): Standing => granted(name, { published: [address] });
const several = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `s${n}`);

/** A pace with so many grants of namespace `a` under way since 0. */
function busy(count = 1): Pace {
  const pace = new Pace();
  several(count).forEach((name) => pace.begin(named(name), 0));
  return pace;
}

/** What a Service has to wait for, in half a sentence; `nothing`. */
const wait = (pace: Pace, asker: Standing, now = 0): string =>
  pace.turnOf(asker, now, true)?.found ?? 'nothing';

const itsTurn = 'its turn, because another Service of namespace a is not published yet';
const aWhile =
  'a while, because Services of namespace a ended before kube-vip had published what they were granted';

describe('while a grant of a namespace is not published', () => {
  it('the next one waits for its turn', () => {
    expect(wait(busy(), named('x'))).toBe(itsTurn);
  });

  it.each([
    ['with none of them', busy(0), named('x'), 0],
    ['of another namespace', busy(), named('x', { namespace: 'b' }), 0],
    ['of another class', busy(), named('x', { of: 'example.org/x' }), 0],
    ['that is the one', busy(), named('s0'), 0],
    ['when it has taken a minute', busy(), named('x'), stuckMs],
  ])('one %s does not', (_, pace, asker, now) => {
    expect(wait(pace, asker, now)).toBe('nothing');
  });

  it('and goes on to wait as long as no kube-vip leads, and for a minute after one came', () => {
    const pace = busy();
    const [hour, asker] = [60 * minute, named('x')];
    expect(pace.turnOf(asker, hour, false)?.found).toBe(itsTurn);
    expect(pace.turnOf(asker, hour + minute - 1, true)?.found).toBe(itsTurn);
    expect(pace.turnOf(asker, hour + minute, true)).toBeUndefined();
  });

  it('what was granted before this process counts', () => {
    const pace = new Pace();
    pace.see(granted('s0'), 0);
    expect(wait(pace, named('x'))).toBe(itsTurn);
  });

  it('what a person wrote into the annotation does not', () => {
    const pace = new Pace();
    pace.see(granted('s0', { isOurs: false }), 0);
    expect(wait(pace, named('x'))).toBe('nothing');
  });

  it('who has waited longest is next when one is published, and the eight after that are made ready', () => {
    const pace = busy();
    const names = Array.from({ length: 20 }, (_, n) => `x${n}`);
    const soon = names.map((name) => pace.turnOf(named(name), 0, true)?.isSoon);
    expect(soon).toEqual(names.map((_, n) => n < 8));
    expect(pace.see(published('s0'), 0)).toEqual(names.slice(0, 9).map((name) => `a/${name}`));
    expect(wait(pace, named('x0'))).toBe('nothing');
  });

  it('who is looked at again keeps its place', () => {
    const pace = busy();
    ['x', 'y', 'x'].forEach((name) => {
      pace.see(named(name), 0);
      pace.turnOf(named(name), 0, true);
    });
    expect(pace.see(published('s0'), 0)).toEqual(['a/x', 'a/y']);
  });

  it('who waits for something else than its turn is not next', () => {
    const pace = busy();
    ['x', 'y'].forEach((name) => pace.turnOf(named(name), 0, true));
    pace.leave('a/x');
    expect(pace.see(published('s0'), 0)).toEqual(['a/y']);
  });

  it('who is gone is not next', () => {
    const pace = busy();
    ['x', 'y'].forEach((name) => pace.turnOf(named(name), 0, true));
    pace.gone('a/x', 0, true);
    expect(pace.see(published('s0'), 0)).toEqual(['a/y']);
  });

  it('a grant that could not be written is not under way', () => {
    const pace = busy();
    pace.see(named('s0'), 0);
    expect(wait(pace, named('x'))).toBe('nothing');
  });
});

describe('after a Service was deleted before it was published', () => {
  /** The namespace lets go of so many at once, each time when it may be granted something again. */
  function afterLettingGo(...counts: readonly number[]): { pace: Pace; now: number } {
    const pace = new Pace();
    let now = 0;
    for (const count of counts) {
      const [asker] = [named('x')];
      now += (pace.turnOf(asker, now, true)?.afterSeconds ?? 0) * 1000;
      several(count).forEach((name) => pace.begin(named(name), now));
      several(count).forEach((name) => pace.gone(`a/${name}`, now, true));
    }
    return { pace, now };
  }

  it.each([
    ['once', [1], 60],
    ['three at once', [3], 180],
    ['twice', [1, 1], 120],
    ['three times', [1, 1, 1], 240],
    ['8 at once, again and again', [8, 8, 8, 8, 8], 3600],
  ])('%s its namespace waits', (_, counts, seconds) => {
    const { pace, now } = afterLettingGo(...counts);
    expect(pace.turnOf(named('x'), now, true)).toMatchObject({ found: aWhile, afterSeconds: seconds });
    expect(wait(pace, named('x', { namespace: 'b' }), now)).toBe('nothing');
    expect(wait(pace, named('x'), now + seconds * 1000)).toBe('nothing');
  });

  it('an hour later the count begins anew', () => {
    const { pace, now } = afterLettingGo(8, 8);
    const later = now + 3 * 60 * minute;
    pace.begin(named('s0'), later);
    pace.gone('a/s0', later, true);
    expect(pace.turnOf(named('x'), later, true)?.afterSeconds).toBe(60);
  });

  it.each([
    ['it was published', (pace: Pace) => pace.see(published('s0'), 0), 0, true],
    ['it had waited for a minute, and for something else', () => undefined, stuckMs, true],
    ['no kube-vip led, because the next one does not read it', () => undefined, 0, false],
  ])('nobody waits when %s', (_, before, now, isLed) => {
    const pace = busy(1);
    before(pace);
    pace.gone('a/s0', now, isLed);
    expect(wait(pace, named('x'), now)).toBe('nothing');
  });
});

describe('a kube-vip has worked off', () => {
  it.each<[string, (pace: Pace) => unknown, number]>([
    ['nothing that is known of', () => undefined, -Infinity],
    ['nothing by what was granted', (pace) => pace.begin(named('x'), 5), -Infinity],
    [
      'what came before a grant that it published',
      (pace) => [pace.begin(named('x'), 5), pace.see(published('x'), 9)],
      5,
    ],
    [
      'nothing by a grant that was let go',
      (pace) => [pace.begin(named('x'), 5), pace.see(named('x'), 9), pace.gone('a/x', 9, true)],
      -Infinity,
    ],
    ['nothing by what was published before this process', (pace) => pace.see(published('x'), 9), -Infinity],
    [
      'as much as the last of several says',
      (pace) => [
        pace.begin(named('y'), 7),
        pace.see(published('y'), 8),
        pace.see(granted('x'), 5),
        pace.see(published('x'), 9),
      ],
      7,
    ],
  ])('%s', (_, history, until) => {
    const pace = new Pace();
    history(pace);
    expect(pace.workedOffUntil('kubevip.dev/edge')).toBe(until);
    expect(pace.workedOffUntil('example.org/x')).toBe(-Infinity);
  });
});
