import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { configOfOperand, operandFunctions, operandName } from '../../src/api/metadata.ts';
import { admittedConfigs } from './arbitraries.ts';

describe('configOfOperand', () => {
  it.each([
    ['finds the config of a control plane', 'edge-control-plane', 'edge'],
    ['finds the config of services', 'edge-services', 'edge'],
    ['finds a config that is named like an operand', 'edge-services-control-plane', 'edge-services'],
    ['finds none for a foreign name', 'kube-vip-ds', undefined],
    ['finds none for a name that only ends alike', 'myservices', undefined],
  ])('%s', (_, name, expected) => {
    expect(configOfOperand(name)).toBe(expected);
  });

  it('turns every operand name back into its config', () => {
    fc.assert(
      fc.property(
        admittedConfigs,
        fc.constantFrom(...operandFunctions),
        ({ metadata: { name } }, operand) => {
          expect(configOfOperand(operandName(name, operand))).toBe(name);
        },
      ),
    );
  });

  it('gives names that fit a label', () => {
    expect(operandName('x'.repeat(40), 'control-plane').length).toBeLessThanOrEqual(63);
  });
});
