// docs/preflight.md: every check of the live cluster.
import { annotations, type ComponentKind } from '../src/api/metadata.ts';
import { hazards } from '../src/catalog/hazards.ts';
import type { Check } from '../src/preflight/checks/check.ts';
import { checks } from '../src/preflight/checks.ts';
import { pauses } from '../src/controller/surveyor.ts';
import { patienceSeconds } from '../src/preflight/nodes/probe-run.ts';
import { silentMs } from '../src/probe/neighbours.ts';
import { generatedNote, table } from './markdown.ts';

const link = (name: string): string =>
  hazards.some(({ id }) => id === name) ? `[${name}](hazards.md)` : name;

const called: Readonly<Record<ComponentKind, string>> = {
  'control-plane': 'control plane',
  services: 'services',
};

const heldBack = ({ holds, by, onlyStart }: Check): string =>
  [
    holds === undefined ? 'both' : called[holds],
    ...(by === undefined ? [] : ['(tenant)']),
    ...(onlyStart ? ['(start)'] : []),
  ].join(' ');

interface Column {
  readonly head: string;
  readonly cell: (check: Check) => string;
}

const columns: readonly Column[] = [
  { head: 'check', cell: ({ id }) => `\`${id}\`` },
  { head: 'question', cell: ({ question }) => question },
  { head: 'what to do', cell: ({ remedy }) => remedy },
  { head: 'about', cell: ({ links }) => links.map(link).join(', ') },
];

const holdsColumn: Column = { head: 'holds back', cell: heldBack };

const rows = (severity: Check['severity'], shown: readonly Column[]): string =>
  table(
    shown.map(({ head }) => head),
    checks
      .filter((check) => check.severity === severity)
      .map((check) => shown.map(({ cell }) => cell(check))),
  );

const seconds = (why: keyof typeof pauses): string => `${pauses[why] / 1000} s`;

/** The whole document. */
export function preflightDoc(): string {
  return (
    `${generatedNote}# Checks of the live cluster\n\n` +
    `The operator runs ${checks.length} checks before it applies anything. It runs them again whenever a KubeVipConfig, a node or a Service changes. ` +
    'It always runs all of them. `status.preflight` and the condition `PreflightPassed` have all that they find.\n\n' +
    'Some facts are read in rounds instead of being watched: workloads, static pods, ConfigMaps, pools, quotas and certificates. A round comes\n\n' +
    '- before the first verdict on a KubeVipConfig,\n' +
    `- within ${seconds('edit')} of an edit of one,\n` +
    `- within ${seconds('cluster')} of a change of a node or a Service,\n` +
    `- every ${seconds('blocked')} while a check blocks,\n` +
    `- every ${seconds('warned')} while a check warns and the warning is not acknowledged,\n` +
    `- every ${seconds('quiet')} otherwise.\n\n` +
    'A change of these facts may go unnoticed until the next round.\n\n' +
    'Some facts only a node knows: who answers for the address there, its interface, its ports, and how fast the API server answers it. ' +
    "Before the first apply, a pod of the operator's own image asks on each selected node. " +
    `It listens for ${silentMs / 1000} s before it calls an address silent. ` +
    'The operator follows the logs of these pods. Where the API server cannot show a log, the answer comes up to a second later, when the container has ended. ' +
    `The first apply waits ${patienceSeconds} s for the nodes at most, or for all of them with \`spec.preflight.nodeProbe: Required\`. With \`Off\` no node is asked.\n\n` +
    '## Those that block\n\n' +
    'These checks are for what breaks the law of one owner per address, or cannot work. While one fails, the component that it is about neither starts nor changes, and it is not taken away. ' +
    'The other component goes on. What runs keeps running as it was applied last, and its drift is repaired. The condition `Stalled` says which check fails and why.\n\n' +
    'The column "holds back" names the component. The mark (tenant) is on what a tenant can cause, without rights over nodes or over the namespace of kube-vip. ' +
    'Such a check holds back only a component that was never applied. It is a warning otherwise. ' +
    'What any tenant can make, and what puts no address on a node, is always a warning: a kube-vip or a MetalLB without `hostNetwork`, and a DaemonSet with labels of ServiceLB, or a kube-proxy, outside `kube-system`. Of a namespace other than that and ours 50 of a kind are read. The mark (start) says the same of a check for another reason: what runs was judged before.\n\n' +
    `The annotation \`${annotations.override}: <check>,<check>\` on the KubeVipConfig lets a check pass that blocks. It is for administrators. ` +
    'Status then has the finding as `Overridden`, and the condition `Overridden` says so while it holds.\n\n' +
    rows('blocks', [...columns.slice(0, 2), holdsColumn, ...columns.slice(2)]) +
    '\n## Those that warn\n\n' +
    `The annotation \`${annotations.acknowledge}: <check>,<check>\` on the KubeVipConfig says that you know a warning. Status then has it as \`Acknowledged\`.\n\n` +
    rows('warns', columns)
  );
}
