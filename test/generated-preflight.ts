// docs/preflight.md: every check of the live cluster.
import { annotations } from '../src/api/metadata.ts';
import { hazards } from '../src/catalog/hazards.ts';
import type { Check } from '../src/preflight/checks/check.ts';
import { checks } from '../src/preflight/checks.ts';
import { pauses } from '../src/controller/surveyor.ts';
import { generatedNote, table } from './markdown.ts';

const link = (name: string): string =>
  hazards.some(({ id }) => id === name) ? `[${name}](hazards.md)` : name;

const rows = (severity: Check['severity']): string =>
  table(
    ['check', 'question', 'what to do', 'about'],
    checks
      .filter((check) => check.severity === severity)
      .map(({ id, question, remedy, links }) => [`\`${id}\``, question, remedy, links.map(link).join(', ')]),
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
    '## Those that block\n\n' +
    'These checks are for what breaks the law of one owner per address, or cannot work. While one fails, nothing new is applied and nothing is taken away. ' +
    'What runs keeps running as it was applied last, and its drift is repaired. The condition `Stalled` says which check fails and why. You cannot turn these checks off.\n\n' +
    rows('blocks') +
    '\n## Those that warn\n\n' +
    `The annotation \`${annotations.acknowledge}: <check>,<check>\` on the KubeVipConfig says that you know a warning. Status then has it as \`Acknowledged\`.\n\n` +
    rows('warns')
  );
}
