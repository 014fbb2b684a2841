import { describe, expect, it } from '@jest/globals';
import { advice } from '../../src/api/advice.ts';
import { conditionTypes, reasons } from '../../src/api/conditions.ts';
import { conditionSchema } from '../../src/api/status-schema.ts';

describe('conditions and reasons', () => {
  it.each(Object.entries({ ...conditionTypes, ...reasons }))('%s is said in a sentence', (_, sentence) => {
    expect(sentence).toMatch(/^[A-Za-z].+\.$/);
  });

  it.each(Object.entries(advice))(
    '%s comes with causes and a next step, in sentences',
    (_, { causes, todo }) => {
      expect(causes).toMatch(/^\S.+\.$/);
      expect(todo).toMatch(/^\S.+\.$/);
    },
  );

  it.each(Object.keys({ ...conditionTypes, ...reasons }))(
    '%s is a word that metav1.Condition takes',
    (name) => {
      expect(name).toMatch(new RegExp(conditionSchema.properties.reason.pattern));
    },
  );
});
