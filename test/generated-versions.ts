// docs/versions.md: what each release may be used for, and why.
import { releases, recommended, rollback } from '../src/catalog/releases.ts';
import { seenInLab } from '../src/catalog/verdicts/lab-runs.ts';
import { choosable, verdictOf, verdicts, type Feature, type Verdict } from '../src/catalog/verdicts.ts';
import { generatedNote, table } from './markdown.ts';

const features: readonly Feature[] = ['control-plane', 'control-plane-dual-stack', 'services'];

const word = (version: string, feature: Feature): string => {
  const verdict = verdictOf(version, feature)?.verdict ?? '';
  return seenInLab[feature].some((seen) => seen === version) ? `${verdict}, seen` : verdict;
};

function overview(): string {
  const rows = choosable.map(({ version, released, digest, digestSources }) => [
    version,
    released,
    ...features.map((feature) => word(version, feature)),
    `\`${digest}\``,
    String(digestSources),
  ]);
  return table(['version', 'date', ...features, 'digest', 'sources of the digest'], rows);
}

const reasons = (rows: readonly Verdict[]): string =>
  table(
    ['version', 'used for', 'verdict', 'because', 'evidence'],
    rows.map((row) => [row.version, row.feature, row.verdict, row.because, row.evidence.join(', ')]),
  );

const isNotRepeated = (row: Verdict): boolean =>
  row.feature !== 'control-plane-dual-stack' ||
  verdictOf(row.version, 'control-plane')?.because !== row.because;

function chosen(): readonly Verdict[] {
  const versions = choosable.map(({ version }): string => version);
  return verdicts.filter((row) => row.election === 'global' && versions.includes(row.version));
}

function refused(): readonly Verdict[] {
  const versions = choosable.map(({ version }): string => version);
  return verdicts.filter((row) => row.election === 'global' && !versions.includes(row.version));
}

/** The whole document. */
export function versionsDoc(): string {
  return (
    `${generatedNote}# Releases of kube-vip in the catalogue\n\n` +
    `Without a reason for another take **${recommended}**; **${rollback}** is what to go back to.\n` +
    `All ${releases.length} upstream tags from ${releases[0].version} to ${releases.at(-1)?.version} are known. These can be chosen:\n\n` +
    overview() +
    '\n`good`: no serious report was found, which never means tested. `caveat`: can be chosen and shows as the condition `KnownHazard`. `avoid`: refused by the API server.\n' +
    '`seen`: in a lab with the real program the address was on exactly one node, the one that the Lease names. All of it is for ARP with one Lease per function.\n' +
    '\nThe registry itself was not asked for a digest; the sources are public repositories that record it. Confirm one with `crane digest ghcr.io/kube-vip/kube-vip:VERSION`.\n' +
    '\n## Why, for those that can be chosen\n\n' +
    reasons(chosen().filter(isNotRepeated)) +
    '\n## Why not, for those that cannot\n\n' +
    reasons(refused().filter(isNotRepeated)) +
    '\n## For the record: one Lease per Service\n\nNever rendered: `svc_election` has no field.\n\n' +
    reasons(verdicts.filter(({ election }) => election === 'per-service'))
  );
}
