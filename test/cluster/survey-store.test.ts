import { describe, expect, it } from '@jest/globals';
import { freshMs, SurveyStore } from '../../src/cluster/survey-store.ts';
import { emptySurvey } from '../../src/observed/neighbours/survey.ts';
import { kubeVipConfig } from '../builders.ts';

describe('SurveyStore', () => {
  const edge = kubeVipConfig();
  const changed = kubeVipConfig({ metadata: { generation: 2 } });
  let clock = 0;

  it('speaks for the generation that it was read for', () => {
    const store = new SurveyStore(() => clock);
    expect(store.of(edge)).toBeUndefined();
    expect(store.put(emptySurvey, [edge])).toBe(true);
    clock += 10 * freshMs;
    expect(store.of(edge)).toBe(emptySurvey);
    expect([store.of(changed), store.covers(changed)]).toEqual([undefined, false]);
  });

  it('speaks for a while also for an edit, so that many edits are not as many rounds', () => {
    const store = new SurveyStore(() => clock);
    store.put(emptySurvey, [edge]);
    clock += freshMs - 1;
    expect([store.of(changed), store.covers(changed)]).toEqual([emptySurvey, false]);
    clock += 1;
    expect(store.of(changed)).toBeUndefined();
  });

  it('never speaks for a config that came after it was read', () => {
    const store = new SurveyStore(() => clock);
    store.put(emptySurvey, [edge]);
    expect(store.of(kubeVipConfig({ name: 'new' }))).toBeUndefined();
    expect(store.of(kubeVipConfig({ metadata: { uid: 'made anew' } }))).toBeUndefined();
  });

  it('says when nobody would decide otherwise, and keeps the object then', () => {
    const store = new SurveyStore(() => clock);
    store.put(emptySurvey, [edge]);
    expect(store.put({ ...emptySurvey }, [edge])).toBe(false);
    expect(store.of(edge)).toBe(emptySurvey);
    expect(store.put({ ...emptySurvey, serverVersion: '1.36.3' }, [edge])).toBe(true);
    expect(store.put({ ...emptySurvey, serverVersion: '1.36.3' }, [changed])).toBe(true);
  });
});
