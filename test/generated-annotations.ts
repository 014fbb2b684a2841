// docs/service-annotations.md: every annotation of kube-vip, and who may write it on a Service of a class of ours.
import { serviceAnnotationRows, type Writers } from '../src/catalog/service-annotations.ts';
import { generatedNote, table } from './markdown.ts';

const whoMay: Readonly<Record<Writers, string>> = {
  anyone: 'any account',
  operator: 'the operator',
  'kube-vip': 'kube-vip',
  none: 'no account',
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The page, from the rows of the catalogue. */
export function annotationsDoc(): string {
  const rows = serviceAnnotationRows.map(({ key, since, writers, isSwitch, because }) => [
    `\`${key}\``,
    since,
    `${whoMay[writers]}${isSwitch ? ' (any account may write `false`)' : ''}`,
    `${capital(because)}.`,
  ]);
  return (
    `${generatedNote}# Annotations of kube-vip on a Service\n\n` +
    'A person asks with `kubevip.dev/addresses`. Of the annotations of kube-vip these are read by a release from v0.6.4 to v1.2.3. ' +
    'On a Service of a class of ours the API server refuses every write of one by another account, and every annotation of kube-vip ' +
    'that is not in this table. [What the API server refuses](admission.md) has the sentences.\n\n' +
    table(['annotation', 'since', 'who may write it', 'why'], rows)
  );
}
