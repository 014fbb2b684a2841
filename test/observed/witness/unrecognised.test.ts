// Of which MACs the nodes of a component are asked, because none of them has told that it has it.
import { expect, it } from '@jest/globals';
import type { WitnessView } from '../../../src/observed/witness/witnessed.ts';
import { kubeVipConfig, lease, snapshot } from '../../builders.ts';
import { componentOf } from '../../pass.ts';
import { orphanView } from '../../status/witness-cases.ts';
import { group, heardBy, macBook, macOf, outsider, statement, witnessView } from '../../witness-world.ts';

const macs = { ...macBook(), nodes: {} };
// What answers for all of them may be a proxy of ARP.
const ofClass = (mac: string): WitnessView =>
  witnessView([statement([], { groups: [group({ owners: [{ mac, count: 2 }] })] })]);

it.each<[string, WitnessView, 'control-plane' | 'services', readonly string[]]>([
  ['of a control-plane address', heardBy('n1', outsider), 'control-plane', [outsider]],
  ['that answers for the most addresses of a class', ofClass(outsider), 'services', [outsider]],
  ['of an address that nothing claims', orphanView({ macs }), 'services', [macOf('n3')]],
  ['of it, for both functions', orphanView({ macs }), 'control-plane', [macOf('n1'), macOf('n3')]],
])('the MAC %s', (_, witness, component, expected) => {
  const config = kubeVipConfig({ spec: { services: { pools: [] } } });
  expect(componentOf(snapshot({ config, witness }), component).witnessed?.unrecognised).toEqual(expected);
});

const kept = {
  ...macBook(),
  nodes: { ...macBook().nodes, [macOf('n2')]: { node: 'n2', interface: 'eth0', isKept: true } },
};
it.each<[string, readonly string[], readonly string[]]>([
  ['asked for, where its node should not answer', ['n2'], [macOf('n2')]],
  ['asked for, where its node answers beside the holder', ['n1', 'n2'], [macOf('n2')]],
  ['believed, where another node is the holder and answers alone', ['n1'], []],
])('a MAC that an earlier leader was told is %s', (_, owners, expected) => {
  const witness = { ...heardBy(...owners), macs: kept };
  const config = kubeVipConfig({ spec: { services: undefined } });
  expect(componentOf(snapshot({ config, witness }), 'control-plane').witnessed?.unrecognised).toEqual(
    expected,
  );
});

it('a MAC that an earlier leader was told is believed of the holder', () => {
  const witness = { ...heardBy('n2'), macs: kept };
  const config = kubeVipConfig({ spec: { services: undefined } });
  const leases = [lease({ holder: 'n2' })];
  const { witnessed } = componentOf(snapshot({ config, witness, leases }), 'control-plane');
  expect([witnessed?.unrecognised, witnessed?.isProven]).toEqual([[], true]);
});

it.each<[string, WitnessView, 'control-plane' | 'services']>([
  ['that answers for a class', ofClass(macOf('n1')), 'services'],
  ['of an address that nothing claims', orphanView(), 'services'],
])('no MAC %s and is known', (_, witness, component) => {
  expect(componentOf(snapshot({ witness }), component).witnessed?.unrecognised ?? []).toEqual([]);
});
