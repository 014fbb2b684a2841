import { describe, expect, it } from '@jest/globals';
import { labels } from '../../src/metrics/row.ts';
import { rowList } from '../../src/metrics/rows.ts';

describe('rows', () => {
  it.each(rowList)('%s is named as Prometheus wants it, and says what to do', (name, row) => {
    expect(name).toMatch(/^(kube_vip_operator|process|nodejs)_[a-z_]+$/);
    expect(name.endsWith('_total')).toBe(row.type === 'counter');
    expect(row.buckets !== undefined).toBe(row.type === 'histogram');
    for (const text of [row.help, row.meaning, row.todo]) {
      expect(text).toMatch(/^[\w-].*\.$/s);
    }
  });

  it('use every label that the table bounds', () => {
    const used = new Set(rowList.flatMap(([, row]) => row.labels));
    expect([...used].sort()).toEqual(Object.keys(labels).sort());
  });

  it.each(rowList.filter(([, row]) => row.type === 'histogram'))('%s has rising buckets', (_, row) => {
    expect(row.buckets).toEqual([...(row.buckets ?? [])].sort((a, b) => a - b));
  });
});
