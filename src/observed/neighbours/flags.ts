// Flags of a command line, whether the value of one follows an equals sign or comes as the next argument.

/** One flag of a command line and its value; the value is empty where nothing follows. */
export type Flag = readonly [name: string, value: string];

/** For example `--disable servicelb --debug` to `--disable`, `servicelb` and `--debug`, `` (nothing follows). */
export function flagsOf(args: readonly string[]): readonly Flag[] {
  return args.flatMap((text, index): readonly Flag[] => {
    if (!text.startsWith('-')) {
      return [];
    }
    const equals = text.indexOf('=');
    if (equals !== -1) {
      return [[text.slice(0, equals), text.slice(equals + 1)]];
    }
    const next = args[index + 1] ?? '';
    return [[text, next.startsWith('-') ? '' : next]];
  });
}

/** Values of a flag, in their order. */
export const valuesOf = (flags: readonly Flag[], name: string): readonly string[] =>
  flags.flatMap(([flag, value]) => (flag === name ? [value] : []));
