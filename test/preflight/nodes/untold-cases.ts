// What nodes that answered did not tell.
import { askedConfig, type NodeCase } from '../../node-world.ts';

/** A row per situation, as in cases.ts. */
export const untoldCases: readonly NodeCase[] = [
  [
    'cannot judge clocks of which nothing is known, and say so',
    { pods: { n1: { boundAt: undefined }, n3: { takenOnAt: undefined } } },
    ['node-tells-all: Node/n1, Node/n3: does not tell its clock. Expected to be able to judge it.'],
  ],
  [
    'cannot judge an API server of which nothing is said, and say so',
    { reports: { n1: {}, n2: { apiSlowestMs: undefined } } },
    [
      'node-tells-all: Node/n2: does not tell how the API server answers it. Expected to be able to judge it.',
    ],
  ],
  [
    'cannot judge those that an older probe does not tell, and say so',
    { config: askedConfig({ version: 'v0.6.4' }), reports: { n1: {}, n2: {} } },
    ['node-tells-all: Node/n1, Node/n2: does not tell its host name. Expected to be able to judge it.'],
  ],
  [
    'leave nodes that did not answer to the other check',
    { reports: { n1: {}, n2: null }, pods: { n2: { boundAt: undefined } } },
    [],
  ],
];
