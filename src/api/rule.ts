// What one validation rule is, and how its message is said in CEL and in TypeScript alike.
import type { KubeVipConfig } from './types.ts';

/** Values for the `{placeholders}` of a message. */
export type Found = Readonly<Record<string, string>>;

/** One thing the schema cannot say: once in CEL for the API server, once in TypeScript for offline use. */
export interface Rule {
  readonly id: string;
  /** Place in the schema that carries the rule: `` (the object), `spec`, `spec.controlPlane.addresses[]`, … */
  readonly at: string;
  /** CEL expression, true when the object is right. With `oldSelf` it is a rule for changes only. */
  readonly cel: string;
  /** Field, what was expected and `{found}`, with the next step where it is not plain. */
  readonly message: string;
  /** CEL expression for each placeholder of the message. */
  readonly celValues: Found;
  /** The values for the message when an object breaks the rule, else undefined. */
  readonly broken: (config: KubeVipConfig, old: KubeVipConfig | undefined) => Found | undefined;
  /** Of a rule about entries of a list: the entry that breaks it, for example `spec.services.pools[0].addresses[2]`. */
  readonly entry?: (config: KubeVipConfig) => string;
}

/** One thing that is wrong with an object, and where: a file, line and column can be found for it. */
export interface FieldError {
  /** For example `spec.controlPlane.addresses[1]`: the entry where one is wrong, and else the field that the message names. */
  readonly path: string;
  /** The whole text, as the API server says it: field, what was expected, what was found, and what to do. */
  readonly message: string;
}

/** A message about the field that it begins with. */
export const fieldError = (message: string, path = message.slice(0, message.indexOf(':'))): FieldError => ({
  path,
  message,
});

/** The path of the entry of a list that is wrong, `field[index]`. */
export const entryPath = <T>(field: string, list: readonly T[], isRight: (entry: T) => boolean): string =>
  `${field}[${list.findIndex((entry) => !isRight(entry))}]`;

const placeholder = /\{(\w+)\}/;

/** The rule's message as a CEL expression for `messageExpression`. */
export function celMessage(rule: Rule): string {
  return rule.message
    .split(placeholder)
    .map((part, index) => (index % 2 === 1 ? `(${rule.celValues[part]})` : `'${part}'`))
    .filter((part) => part !== "''")
    .join(' + ');
}

/** What the rule says of an object, or undefined when the object keeps it. */
export function complaint(rule: Rule, config: KubeVipConfig, old?: KubeVipConfig): FieldError | undefined {
  const found = rule.broken(config, old);
  return (
    found &&
    fieldError(
      rule.message.replaceAll(/\{(\w+)\}/g, (_, name: string) => found[name] ?? ''),
      rule.entry?.(config),
    )
  );
}
