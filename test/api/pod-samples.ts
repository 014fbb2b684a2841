// What a pod may be given, at the edges of what Kubernetes takes and just beyond them.
import fc from 'fast-check';

const goodTolerations: readonly object[] = [
  { operator: 'Exists' },
  { key: '', operator: 'Exists', value: '' },
  { operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 0 },
  { key: 'a', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'a' },
  { key: 'a', value: '' },
  { key: `${'a'.repeat(60)}.example.org/A_b.c-${'d'.repeat(50)}`, operator: 'Equal', value: 'v'.repeat(63) },
  { key: 'example.org/b', value: '1.0_x-Y', effect: 'PreferNoSchedule' },
  { key: 'c', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: -5 },
];

const badTolerations: readonly object[] = [
  {},
  { operator: 'Equal', value: 'a' },
  { key: 'a', operator: 'Exists', value: 'b' },
  { key: 'a', tolerationSeconds: 5 },
  { key: 'a', effect: 'NoSchedule', tolerationSeconds: 5 },
];

// Mostly right: of four drawn at random one would nearly always break a rule.
export const toleration: fc.Arbitrary<object> = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...goodTolerations) },
  { weight: 1, arbitrary: fc.constantFrom(...badTolerations) },
);

const goodKeys = [
  'a',
  'rack',
  'kubernetes.io/os',
  'example.org/A_b.c-D',
  `${'a'.repeat(200)}/b`,
  'x'.repeat(63),
] as const;
const badKeys = ['', 'a b', '-a', 'a/', '/a', 'a/b/c', 'A.io/b', 'x'.repeat(64), 'a..b/c', 'é'] as const;

/** Keys of a node selector. */
export const labelKey: fc.Arbitrary<string> = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...goodKeys) },
  { weight: 1, arbitrary: fc.constantFrom(...badKeys) },
);

const small = ['0', '1', '.5', '1.', '10m', '1500m', '1n', '0.000000001', '1e-9', '0.5n', '.000000001n'];
const large = ['64Mi', '1e3', '3E2', '999999999Gi', '999999999.999999999G', '9'.repeat(15), '999999999e9'];
const quantity = fc.constantFrom<string | number>(0, 1, 7, 1e15, ...small, ...large);
const list = fc.record(
  { cpu: quantity, memory: quantity, 'ephemeral-storage': quantity },
  { requiredKeys: [], noNullPrototype: true },
);
const some = { noNullPrototype: true } as const;

export const resources: fc.Arbitrary<object> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ limits: list }, some) },
  { weight: 3, arbitrary: fc.record({ requests: list }, some) },
  { weight: 2, arbitrary: fc.record({ requests: list, limits: list }, some) },
);
