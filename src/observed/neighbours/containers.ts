// What is kept of the containers of a workload: arguments and variables, as far as they are read.
import type { V1Container } from '@kubernetes/client-node';

// Any tenant can make a workload of a megabyte that looks like one of these, and a hundred of them. The policies refuse a kube-vip
// with more arguments, and longer ones (foreign-kube-vip.yaml).
const mostArguments = 64;
/** In characters. */
export const longestArgument = 1000;
const longestEnv = 20_000;
/** Of whatever a tenant may list. */
export const mostOfAList = 64;

const lengthOf = (containers: readonly V1Container[]): number =>
  containers
    .flatMap(({ env = [] }) => env)
    .reduce((sum, { name, value = '' }) => sum + name.length + value.length, 0);

/** Literal values of variables. Too much to be kept counts as not said. */
export function envOf(containers: readonly V1Container[]): Readonly<Record<string, string>> {
  const rows = lengthOf(containers) > longestEnv ? [] : containers.flatMap(({ env = [] }) => env);
  return Object.fromEntries(rows.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
}

const isIndirect = (text: string): boolean => /\$\(.+\)/.test(text);

/** The command line of a container, with `$(NAME)` where the kubelet fills in what the template does not say. */
export function argumentsOf({ command = [], args = [], env = [] }: V1Container): readonly string[] {
  const values = new Map(env.map(({ name, value }) => [name, value?.slice(0, longestArgument)]));
  // Cut before and after: one argument can name a long value thousands of times.
  return [...command, ...args].slice(0, mostArguments).map((text) =>
    text
      .slice(0, longestArgument)
      .replaceAll(/\$\(([^()]+)\)/g, (whole, name: string) => values.get(name) ?? whole)
      .slice(0, longestArgument),
  );
}

/** Variables with a value that is not written there; `envFrom` may set any variable. */
export function unclearIn(containers: readonly V1Container[]): readonly string[] {
  const rows = containers.flatMap(({ env = [] }) => env);
  const named = rows.filter(({ value, valueFrom }) => valueFrom !== undefined || isIndirect(value ?? ''));
  const hasMore =
    containers.some(({ envFrom = [] }) => envFrom.length > 0) || lengthOf(containers) > longestEnv;
  return [
    ...named.slice(0, mostOfAList).map(({ name }) => name.slice(0, longestArgument)),
    ...(hasMore ? ['envFrom'] : []),
  ];
}
