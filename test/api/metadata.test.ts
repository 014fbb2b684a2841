import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  configOfComponent,
  componentKinds,
  componentName,
  witnessLeaseName,
  witnessOfLease,
} from '../../src/api/metadata.ts';
import { admittedConfigs } from './arbitraries.ts';

describe('configOfComponent', () => {
  it.each([
    ['finds the config of a control plane', 'edge-control-plane', 'edge'],
    ['finds the config of services', 'edge-services', 'edge'],
    ['finds a config that is named like a component', 'edge-services-control-plane', 'edge-services'],
    ['finds none for a foreign name', 'kube-vip-ds', undefined],
    ['finds none for a name that only ends alike', 'myservices', undefined],
    ['finds none for the Lease of a witness', 'kube-vip-witness.0123abcd.my-control-plane', undefined],
  ])('%s', (_, name, expected) => {
    expect(configOfComponent(name)).toBe(expected);
  });

  it('turns every component name back into its config', () => {
    fc.assert(
      fc.property(
        admittedConfigs,
        fc.constantFrom(...componentKinds),
        ({ metadata: { name } }, component) => {
          expect(configOfComponent(componentName(name, component))).toBe(name);
        },
      ),
    );
  });

  it('takes the Lease of a witness for that alone', () => {
    const name = witnessLeaseName('0123abcd', 'n1.example.org');
    expect(witnessOfLease(name)).toEqual({ segment: '0123abcd', node: 'n1.example.org' });
    expect(
      ['kube-vip-witness.0123abcd', 'edge-services', 'kube-vip-witness.x.n1'].map(witnessOfLease),
    ).toEqual([undefined, undefined, undefined]);
  });

  it('gives names that fit a label', () => {
    expect(componentName('x'.repeat(40), 'control-plane').length).toBeLessThanOrEqual(63);
  });
});
