import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { EventRecorder } from '../../src/controller/event-recorder.ts';
import type { EventDraft } from '../../src/status/events.ts';
import { kubeVipConfig } from '../builders.ts';
import { FakeCluster } from '../fake-cluster.ts';

const draft = (note: string): EventDraft => ({ type: 'Normal', reason: 'Held', note });

function makeRecorder(refusals: Readonly<Record<string, Error>> = {}) {
  const writer = new FakeCluster({}, refusals);
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  const clock = { now: 0 };
  return { recorder: new EventRecorder({ writer, log, now: () => clock.now }), writer, lines, clock };
}

const written = () => new Promise(setImmediate);

describe('EventRecorder', () => {
  it('writes what it is given', () => {
    const { recorder, writer } = makeRecorder();
    recorder.record(kubeVipConfig(), [draft('a'), draft('b')]);
    expect(writer.calls).toEqual(['writeEvent edge Held', 'writeEvent edge Held']);
  });

  it('holds each object to a budget of its own', () => {
    const { recorder, writer } = makeRecorder();
    const many = Array.from({ length: 50 }, (_, index) => draft(`${index}`));
    recorder.record(kubeVipConfig(), many);
    recorder.record(kubeVipConfig({ name: 'other' }), [draft('a')]);
    expect([writer.calls.length, writer.calls.at(-1)]).toEqual([11, 'writeEvent other Held']);
  });

  it('has room for a warning when the news of a start has used all up', () => {
    const { recorder, writer } = makeRecorder();
    const many = Array.from({ length: 50 }, (_, index) => draft(`${index}`));
    recorder.record(kubeVipConfig(), [...many, { type: 'Warning', reason: 'CrashLoop', note: 'x' }]);
    expect(writer.calls.at(-1)).toBe('writeEvent edge CrashLoop');
  });

  it('counts in the same event what happens again, and writes that once a minute', async () => {
    const { recorder, writer, clock } = makeRecorder();
    for (clock.now = 0; clock.now < 100_000; clock.now += 5000) {
      recorder.record(kubeVipConfig(), [draft('a')]);
      await written();
    }
    expect(writer.calls).toEqual([
      'writeEvent edge Held',
      'repeatEvent edge-Held 2',
      'repeatEvent edge-Held 14',
    ]);
    clock.now = 130_000;
    recorder.flush();
    recorder.flush();
    expect(writer.calls.at(-1)).toBe('repeatEvent edge-Held 20');
    expect(writer.calls).toHaveLength(4);
  });

  it('tells what happened again while the first was on its way', async () => {
    const { recorder, writer } = makeRecorder();
    recorder.record(kubeVipConfig(), [draft('a'), draft('a'), draft('a')]);
    expect(writer.calls).toEqual(['writeEvent edge Held']);
    await written();
    expect(writer.calls.at(-1)).toBe('repeatEvent edge-Held 3');
  });

  it('begins anew when an event is gone by the time it happens again', async () => {
    const { recorder, writer, lines } = makeRecorder({
      'repeatEvent edge-Held 2': new Error('404 not found'),
    });
    for (let round = 0; round < 3; round += 1) {
      recorder.record(kubeVipConfig(), [draft('a')]);
      await written();
    }
    expect(writer.calls).toEqual(['writeEvent edge Held', 'repeatEvent edge-Held 2', 'writeEvent edge Held']);
    expect(lines).toHaveLength(1);
  });

  it('only logs that one was refused', async () => {
    const { recorder, lines } = makeRecorder({ 'writeEvent edge Held': new Error('403 forbidden') });
    recorder.record(kubeVipConfig(), [draft('a')]);
    await written();
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { msg: 'event not written', kubeVipConfig: 'edge', cause: '403 forbidden' },
    ]);
  });
});
