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
    `${checks.length} checks are run before anything is applied, and again whenever a KubeVipConfig, a node or a Service changes. All of them are run, and ` +
    'all that they find is in `status.preflight` and in the condition `PreflightPassed`.\n\n' +
    'Other facts (workloads, static pods, ConfigMaps, pools, quotas, certificates) are not watched but read: before a first verdict on a KubeVipConfig, ' +
    `within ${seconds('edit')} of an edit of one, and within ${seconds('cluster')} of a change of a node or a Service; beyond that every ${seconds('blocked')} while a check ` +
    `blocks, every ${seconds('warned')} while one warns that is not acknowledged, and every ${seconds('quiet')} otherwise. That long a change of them may go unnoticed.\n\n` +
    '## Those that block\n\n' +
    'They are for what breaks the law (one owner per address) or cannot work. While one fails, nothing new is applied and nothing is taken away: what runs keeps ' +
    'running as it was applied last, and drift of it is repaired. The condition `Stalled` says which and why. None can be turned off.\n\n' +
    rows('blocks') +
    '\n## Those that warn\n\n' +
    `The annotation \`${annotations.acknowledge}: <check>,<check>\` on the KubeVipConfig says that a warning is known: status then has it as \`Acknowledged\`.\n\n` +
    rows('warns')
  );
}
