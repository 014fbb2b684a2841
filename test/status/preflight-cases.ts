// What status says of preflight.
import type { ConditionType } from '../../src/api/conditions.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import type { Outcome } from '../../src/status/outcome.ts';
import { daemonSet, freshSnapshot, kubeVipConfig, snapshot } from '../builders.ts';
import { annotations } from '../../src/api/metadata.ts';
import { set } from '../plan/field-owners.ts';
import { recorded } from '../recorded.ts';
import { node, service } from '../cluster-builders.ts';

export type Row = readonly [
  sentence: string,
  world: Snapshot,
  type: ConditionType,
  says: string,
  acted?: Outcome,
];

const acknowledging = (ids: string) =>
  kubeVipConfig({ metadata: { annotations: { 'kubevip.dev/acknowledge': ids } } });
const taker = node({ name: 'n2', address: '203.0.113.100' });
const taken = freshSnapshot({ nodes: [taker] });

const alone = kubeVipConfig({ spec: { services: undefined } });
// As an operator applied it that rendered one field otherwise.
const earlier = set(
  set(daemonSet({ config: alone }), ['spec', 'template', 'spec', 'priorityClassName'], 'earlier'),
  ['metadata', 'annotations', annotations.renderedHash],
  'of-earlier',
);
const running = snapshot({ config: alone, nodes: [node(), taker] });

export const preflightRows: readonly Row[] = [
  [
    'has passed preflight when no check finds anything',
    snapshot(),
    'PreflightPassed',
    'True PreflightPassed: All ',
  ],
  [
    'has passed with a warning',
    snapshot({ config: acknowledging('nothing') }),
    'PreflightPassed',
    'True PreflightWarned: KubeVipConfig/edge: acknowledges nothing, which is no check. ',
  ],
  [
    'does not know before the facts are there',
    freshSnapshot({ survey: undefined }),
    'PreflightPassed',
    'Unknown PreflightPending',
  ],
  [
    'is reconciling while facts are gathered',
    freshSnapshot({ survey: undefined }),
    'Reconciling',
    'True PreflightPending',
  ],
  [
    'has failed when an address is taken',
    taken,
    'PreflightPassed',
    'False PreflightFailed: Node/n2: has 203.0.113.100 as its InternalIP. ',
  ],
  [
    'needs a person then',
    taken,
    'Stalled',
    'True PreflightFailed: Node/n2: has 203.0.113.100 as its InternalIP. ',
  ],
  [
    'is not programmed, because nothing is applied',
    taken,
    'Programmed',
    'False PreflightFailed: Node/n2: has 203.0.113.100 as its InternalIP. Nothing new is applied for the control plane. Expected no node with the virtual address of KubeVipConfig edge. Give the node another address, or choose a free one for the KubeVipConfig (docs/deletion.md).',
  ],
  [
    'says so in one line',
    taken,
    'Ready',
    'False PreflightFailed: Node/n2: has 203.0.113.100 as its InternalIP. Nothing new is applied for the control plane. Expected no node with the virtual address of KubeVipConfig edge. Give the node another address, or choose a free one for the KubeVipConfig (docs/deletion.md).',
  ],
  [
    'names the component that waits, and the finding that holds it, where the other one goes on',
    freshSnapshot({ nodes: [node()], services: [service({ published: ['203.0.113.11'] })] }),
    'Programmed',
    'False PreflightFailed: Service/default/web: publishes 203.0.113.11 of node n1. Nothing new is applied for Services. ',
  ],
  ['is ready while what was applied before runs on', running, 'Ready', 'True Held: 203.0.113.100 on n1.'],
  ['is programmed meanwhile', running, 'Programmed', 'True Applied'],
  [
    'says what an override lets pass',
    snapshot({
      config: kubeVipConfig({
        metadata: { annotations: { 'kubevip.dev/override': 'vip-is-node-address' } },
        spec: { services: undefined },
      }),
      nodes: [node(), taker],
    }),
    'Overridden',
    'True CheckOverridden: Annotation kubevip.dev/override lets check vip-is-node-address pass, which blocks. Node/n2: has 203.0.113.100',
  ],
  [
    'says that a newer rendering waits, and how it is taken',
    snapshot({ config: alone, daemonSets: [earlier], recorded: [recorded({ object: earlier })] }),
    'RenderingWaits',
    'True NewerRendering: This operator renders DaemonSet edge-control-plane otherwise than what runs. What runs is kept as it was applied (edge-control-plane: spec.template.spec.priorityClassName). Run kubectl annotate --overwrite kubevipconfig edge kubevip.dev/take-rendering=',
  ],
  ['needs a person all the same', running, 'Stalled', 'True PreflightFailed: Node/n2'],
];
