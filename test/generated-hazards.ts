// docs/hazards.md: what is known to go wrong, what stops it, and what nothing stops yet.
import type { Fence, Hazard, Theme } from '../src/catalog/hazards/row.ts';
import { hazards, hazardsByTheme } from '../src/catalog/hazards.ts';
import { generatedNote, table } from './markdown.ts';

const titles: Readonly<Record<Theme, string>> = {
  address: 'Who owns an address',
  election: 'Elections, Leases and processes',
  bootstrap: 'The control plane itself',
  interface: 'Interfaces and prefixes',
  neighbours: 'Neighbours in the cluster and on the network',
  features: 'Features of kube-vip',
};

const kinds: Readonly<Record<Fence['kind'], string>> = {
  'not-expressible': 'It cannot be written. There is no field for it, and what is rendered is fixed.',
  cel: 'The API server refuses the KubeVipConfig.',
  'admission-policy': 'A ValidatingAdmissionPolicy refuses it, also in objects other than a KubeVipConfig.',
  preflight:
    'A [check of the live cluster](preflight.md) finds it. While a check that blocks fails, the component that it is about neither starts nor changes.',
  rollout: 'A gate that a node which was changed does not pass. The rollout then goes back by itself.',
  watched: 'It can happen, and a condition says so.',
};

function nameOf(fence: Fence): string {
  switch (fence.kind) {
    case 'cel':
      return fence.rules.map((rule) => `\`${rule}\``).join(', ');
    case 'admission-policy':
      return `\`${fence.policy}\``;
    case 'watched':
      return `\`${fence.reason}\``;
    case 'preflight':
      return `\`${fence.check}\``;
    case 'rollout':
      return fence.gate;
    case 'not-expressible':
      return '';
  }
}

function sayFence(fence: Fence): string {
  const name = nameOf(fence);
  return `**${fence.kind}**${name === '' ? '' : ` (${name})`}: ${fence.how}`;
}

function sayStops({ fences, notCovered }: Hazard): string {
  const open = notCovered === undefined ? [] : [`**open**: ${notCovered}`];
  return [...fences.map(sayFence), ...open].join('<br>');
}

function theme([name, rows]: readonly [string, readonly Hazard[]]): string {
  return (
    `\n## ${titles[name as Theme]}\n\n` +
    table(
      ['hazard', 'what breaks', 'with', 'releases', 'what stops it', 'evidence'],
      rows.map((row) => [
        `\`${row.id}\``,
        row.breaks,
        row.settings,
        row.versions,
        sayStops(row),
        row.evidence.join(', '),
      ]),
    )
  );
}

/** The whole document. */
export function hazardsDoc(): string {
  const open = hazards.filter(({ fences }) => fences.length === 0).length;
  return (
    `${generatedNote}# What goes wrong with kube-vip, and what stops it here\n\n` +
    `${hazards.length} hazards are known from public reports, the source of kube-vip and our own runs. ${hazards.length - open} have a fence and ${open} has none yet. **open** says what the fences leave.\n\n` +
    table(['fence', 'meaning'], Object.entries(kinds)) +
    '\n`inferred` as evidence means that there is no report. The hazard follows from the source.\n' +
    Object.entries(hazardsByTheme).map(theme).join('')
  );
}
