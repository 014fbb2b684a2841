// What each release may be used for, and why: one row per release, function and kind of election.
import { releases, type Release } from './releases.ts';
import { controlPlaneVerdicts } from './verdicts/control-plane.ts';
import type { Feature, Verdict } from './verdicts/row.ts';
import { perServiceVerdicts, servicesVerdicts } from './verdicts/services.ts';

export type { Feature, Verdict } from './verdicts/row.ts';

const order = releases.map(({ version }) => version);

/** Every verdict, in the order of the releases. */
export const verdicts: readonly Verdict[] = [
  ...controlPlaneVerdicts,
  ...servicesVerdicts,
  ...perServiceVerdicts,
].toSorted((a, b) => order.indexOf(a.version) - order.indexOf(b.version));

const rendered = verdicts.filter(({ election }) => election === 'global');

/** What a release is worth for a function as it is rendered, or undefined when the catalogue has no such release. */
export function verdictOf(version: string, feature: Feature): Verdict | undefined {
  return rendered.find((row) => row.version === version && row.feature === feature);
}

/** Whether a release may be used for a function. What nobody judged may not. */
export function mayBeUsed(version: string, feature: Feature): boolean {
  const row = verdictOf(version, feature);
  return row !== undefined && row.verdict !== 'avoid';
}

/** Verdicts that refuse a function, in catalogue order. */
export function versionsToAvoid(feature: Feature): readonly Verdict[] {
  return rendered.filter((row) => row.feature === feature && row.verdict === 'avoid');
}

/** A release that can be pinned. */
export type PinnedRelease = (typeof releases)[number] & { readonly digest: string };

const isPinned = (release: Release): release is PinnedRelease => release.digest !== undefined;

/** The releases that a KubeVipConfig may name for at least one function. */
export const choosable: readonly PinnedRelease[] = releases
  .filter(isPinned)
  .filter(({ version }) =>
    (['control-plane', 'services'] as const).some((feature) => mayBeUsed(version, feature)),
  );
