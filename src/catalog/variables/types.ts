// How kube-vip reads the text of a variable, type by type.
import { familyOf } from '../../api/addresses.ts';

const within = (text: string, low: number, high: number): boolean =>
  /^[+-]?\d+$/.test(text) && Number(text) >= low && Number(text) <= high;
const listOf =
  (isItem: (text: string) => boolean) =>
  (text: string): boolean =>
    text.split(',').every(isItem);
const oneOf =
  (...words: readonly string[]) =>
  (text: string): boolean =>
    words.includes(text);

function isPrefixLengths(text: string): boolean {
  const [v4 = '', v6 = '0', ...others] = text.split(',');
  const isOfOneFamily = v6 === '0' && within(v4, 0, 128);
  return others.length === 0 && (isOfOneFamily || (within(v4, 0, 32) && within(v6, 0, 128)));
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

const port = (text: string): boolean => within(text, 1, 65535);

/** Whether a text parses, for each type. None takes an empty text: to kube-vip that means not set. */
export const variableTypes = {
  /** strconv.ParseBool. */
  boolean: (text: string) => /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(text),
  /** strconv.ParseInt, 32 bits. */
  integer: (text: string) => within(text, -(2 ** 31), 2 ** 31 - 1),
  /** strconv.ParseUint, 32 bits. */
  unsigned: (text: string) => !/^[+-]/.test(text) && within(text, 0, 2 ** 32 - 1),
  /** Seconds that an election or a timer counts: a positive integer. */
  seconds: (text: string) => within(text, 1, 2 ** 31 - 1),
  /** Milliseconds; below 500 kube-vip takes 3000 instead. */
  milliseconds: (text: string) => within(text, 500, 2 ** 31 - 1),
  port: (text: string) => !/^[+-]/.test(text) && port(text),
  /** `host:port` to listen on; the host may be empty. */
  listener: (text: string) => port(text.slice(text.lastIndexOf(':') + 1)) && text.includes(':'),
  text: (text: string) => text !== '',
  /** Name of a network interface. */
  interface: (text: string) => /^[^\s/:]{1,15}$/.test(text),
  /** Literal addresses. kube-vip would take a DNS name too. */
  addresses: listOf((text) => familyOf(text) !== undefined),
  address: (text: string) => familyOf(text) !== undefined,
  /** Prefix length, or one per family, IPv4 first. */
  'prefix lengths': isPrefixLengths,
  /** The same behind a slash: appended to the address as text, so one family only. */
  'prefix suffix': (text: string) => /^\/\d+$/.test(text) && within(text.slice(1), 0, 128),
  /** Name of a Kubernetes object, a namespace in front from v1.1.0 on. */
  name: (text: string) => /^([a-z0-9-]+\/)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(text),
  /** Networks. */
  networks: listOf((text) => /^[0-9a-fA-F.:]+\/\d+$/.test(text)),
  list: listOf((text) => text !== ''),
  json: isJson,
  'DNS mode': oneOf('first', 'ipv4', 'ipv6', 'dual'),
  'DHCP mode': oneOf('ipv4', 'ipv6', 'dual'),
  'forwarding method': oneOf('masquerade', 'local', 'tunnel', 'directroute', 'bypass'),
  'next hop': oneOf('fixed', 'auto_sourceip', 'auto_sourceif'),
  'packet filter': oneOf('nft', 'legacy'),
} as const satisfies Readonly<Record<string, (text: string) => boolean>>;

/** How kube-vip parses a variable. A text that it cannot parse ends the process. */
export type VariableType = keyof typeof variableTypes;

/** One environment variable of kube-vip, in the form that a range of releases reads. */
export interface Variable {
  readonly name: string;
  readonly type: VariableType;
  /** First release that reads it in this form. */
  readonly since?: string;
  /** First release that no longer does. */
  readonly before?: string;
  /** What holds when it is not set. */
  readonly default?: string;
  /** What is not plain from the name. */
  readonly note?: string;
}
