// What each check of the network finds wrong, in words.
import type { Component } from '../../src/observed/component.ts';
import type { Said } from '../modes/arp/former-cases.ts';
import { componentOf } from '../pass.ts';
import { heardBy, outsider } from '../witness-world.ts';
import { denied, heardWorld } from './witness-cases.ts';

type Example = readonly [sentence: string, state: Component, problem: Said];
const hears = (...[witness]: Parameters<typeof heardWorld>): Component =>
  componentOf(heardWorld(witness), 'control-plane');
const alone = 'Expected n1 alone, which holds Lease edge-control-plane, found';
const pod =
  'un kubectl -n kube-vip-system delete pod edge-control-plane-n2 --grace-period=1, unless spec.remedy lets the operator do it. When it answers still, take it off on n2 with ip address delete 203.0.113.100/32 dev eth0.';

export const strangerAnswers: readonly Example[] = [
  [
    'a machine answers that is no node',
    hears({ ...heardBy('n1', outsider), macs: denied }),
    {
      reason: 'StrangerAnswers',
      message: `203.0.113.100: ${outsider}, which no node has, answers for it, as n1 does. ${alone} a machine with MAC ${outsider}. The nodes were asked again, and none of them has this MAC. The witnesses on n4, n5 hear it. Look for ${outsider} in the address table of the switch, and take 203.0.113.100 off that machine.`,
      passing: true,
    },
  ],
];

export const twoNodesAnswer: readonly Example[] = [
  [
    'a second node answers',
    hears(heardBy('n1', 'n2')),
    {
      reason: 'TwoNodesAnswer',
      message: `203.0.113.100: n1 and n2 answer for it. ${alone} n1, n2. The witnesses on n4, n5 hear all of them. R${pod}`,
      passing: true,
    },
  ],
];

export const anotherAnswers: readonly Example[] = [
  [
    'another node answers, and the holder does not',
    hears(heardBy('n2')),
    {
      reason: 'AnotherAnswers',
      message: `203.0.113.100: n2 answers for it, and n1 does not, though it holds the Lease. Expected n1, which holds Lease edge-control-plane, found n2. The witnesses on n4, n5 hear n2 alone. Look at the log of the kube-vip pod on n1, which should have the address. R${pod}`,
      passing: true,
    },
  ],
];

export const nothingAnswers: readonly Example[] = [
  [
    'no machine answers',
    hears(heardBy()),
    {
      reason: 'AddressSilent',
      message:
        '203.0.113.100: no machine answers for it, though n1 holds the Lease. Expected n1, which holds Lease edge-control-plane, found that no machine answers on the network. The witnesses on n4, n5 hear nothing. Look for 203.0.113.100 on n1 with ip address show, and at the log of pod edge-control-plane-n1.',
      passing: true,
    },
  ],
];
