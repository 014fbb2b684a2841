// The notes of a release are the section of CHANGELOG.md with its version. Pure.

interface Section {
  readonly version: string;
  readonly text: string;
}

function sectionsOf(changelog: string): readonly Section[] {
  const [, ...parts] = changelog.split(/^## /m);
  return parts.map((part) => {
    const [heading = '', ...lines] = part.split('\n');
    return { version: heading.split(' ')[0] ?? '', text: lines.join('\n').trim() };
  });
}

/** The headings of a changelog, the newest first. */
export const versionsIn = (changelog: string): readonly string[] =>
  sectionsOf(changelog).map(({ version }) => version);

/** What the changelog says of a version. Empty where it says nothing. */
export function notesOf(changelog: string, version: string): string {
  const section = sectionsOf(changelog).find((row) => row.version === version);
  return section === undefined || section.text === '' ? '' : `${section.text}\n`;
}
