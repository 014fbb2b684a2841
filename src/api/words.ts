// How a message is put together: a head of one clause, what was found, and what to do. The head stands alone in the
// printer column; the head and what to do make an event.

/** What is said of one thing, in parts. */
export interface Message {
  /** One clause that names cause and node, without full stop: at most 100 characters. */
  readonly head: string;
  /** Sentences: what was expected, and what was found. */
  readonly detail?: string | undefined;
  /** Sentences in the imperative: what a person does next. */
  readonly todo?: string | undefined;
  /** Sentences about something else that is true at the same time. */
  readonly also?: string | undefined;
}

/** Characters of a head. */
export const longestHead = 100;
/** Characters of the note of an event. */
export const longestNote = 300;

/** For example `n1, n2, n3 and 12 more`. */
export function list(names: readonly string[], shown = 3): string {
  const more = names.length > shown ? ` and ${names.length - shown} more` : '';
  return names.slice(0, shown).join(', ') + more;
}

/** Items of a text that lists them between commas, without the space around them and without empty ones. */
export const itemsOf = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** With a full stop. */
export const sentence = (text: string): string => (/[.…]$/.test(text) ? text : `${text}.`);

/** Sentences in a row; what is empty is left out. */
export const sentences = (...texts: readonly (string | undefined)[]): string =>
  texts
    .filter((text) => text !== undefined && text !== '')
    .map((text) => sentence(text ?? ''))
    .join(' ');

/** With a capital letter at its beginning. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** At most so many characters, cut between two words. A single word that is longer is cut all the same. */
export function clip(text: string, longest: number): string {
  if (text.length <= longest) {
    return text;
  }
  const start = text.slice(0, longest);
  const end = start.lastIndexOf(' ');
  return `${start.slice(0, end === -1 ? longest - 1 : Math.min(end, longest - 1)).replace(/[\s,;:.(]+$/, '')}…`;
}

/** What a shorter head leaves out: what the full one has in brackets or behind a comma, else all of it again. */
function leftOut(full: string, head: string): string {
  const rest = full.startsWith(head) ? full.slice(head.length) : '';
  const [, inBrackets, behindComma] = /^(?: \((.*)\)|, (.*))$/.exec(rest) ?? [];
  // A name stays as it is.
  const cause = inBrackets?.replace(/^[a-z]+(?= )/, capital);
  return head === full ? '' : (cause ?? behindComma ?? full);
}

/**
 * A message whose head fits. The same clause may be given in several lengths: the first that fits is the head, and what
 * that leaves out of the first goes on behind it, so that no fact is lost.
 */
export function message(
  heads: string | readonly [string, ...string[]],
  { detail = '', todo = '', also = '' }: Omit<Message, 'head'> = {},
): Message {
  const all = typeof heads === 'string' ? ([heads] as const) : heads;
  const [full] = all;
  const head = all.find((text) => text.length <= longestHead) ?? clip(all.at(-1) ?? full, longestHead);
  return { head, detail: sentences(leftOut(full, head), detail), todo: capital(todo), also };
}

/** The head of a text that {@link toText} made, or that an older operator wrote: its first sentence. */
export const headOf = (text: string): string => clip(text.split(/\.(?:\s|$)/, 1)[0] ?? '', longestHead);

/** The whole message. It begins with its head. */
export const toText = ({ head, detail, todo, also }: Message): string => sentences(head, detail, todo, also);

const sentencesOf = (text: string): readonly string[] => text.split(/(?<=[.…]) (?=[A-Z])/);

/** The head and what to do, as far as an event has room for it. */
export function toNote({ head, todo = '' }: Message): string {
  const [first = '', ...others] = sentencesOf(todo);
  const room = longestNote - sentence(head).length - 2;
  return others.reduce(
    (note, next) => (`${note} ${sentence(next)}`.length <= longestNote ? `${note} ${sentence(next)}` : note),
    sentences(head, clip(first, room)),
  );
}
