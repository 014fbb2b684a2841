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
    `Take **${recommended}** unless you have a reason for another release. Go back to **${rollback}** if you must.\n` +
    `The catalogue knows all ${releases.length} upstream tags from ${releases[0].version} to ${releases.at(-1)?.version}. [A newer release](newer-releases.md) is refused. You can choose these:\n\n` +
    overview() +
    '\n- `good`: no serious report was found. That does not mean that the release was tested.\n- `caveat`: you can choose it, and the condition `KnownHazard` says what is known.\n- `avoid`: the API server refuses it.\n' +
    '- `seen`: in a lab with the real program the address was on exactly one node, which the Lease names.\n\nAll of this is for ARP with one Lease per component.\n' +
    '\nThe registry itself was not asked for a digest. The sources are public repositories that record it. Confirm a digest with `crane digest ghcr.io/kube-vip/kube-vip:VERSION`.\n' +
    '\n## Releases that you can choose\n\n' +
    reasons(chosen().filter(isNotRepeated)) +
    '\n## Releases that are refused\n\n' +
    reasons(refused().filter(isNotRepeated)) +
    '\n## For the record: one Lease per Service\n\nThis election is never rendered, because `svc_election` has no field.\n\n' +
    reasons(verdicts.filter(({ election }) => election === 'per-service'))
  );
}
