// What libraries quote in their errors: of a kubeconfig or token that they cannot read, the very text. Logs and status
// are read by more people than that.

type Row = readonly [pattern: RegExp, instead: string];

const rows: readonly Row[] = [
  // JSON.parse, of what an exec plugin prints: `Unexpected token 'h', "hunter2" is not valid JSON`.
  [/(?:\.\.\.)?"[^]*"(?:\.\.\.)? is not valid JSON/, 'what was read is not valid JSON'],
  // fetch, of a token with a line break.
  [/"[^]*" is an invalid header value/, 'a token or user is an invalid header value'],
  // A URL with a user and password.
  [/\/\/[^\s/]*@/g, '//(redacted)@'],
  // A key or certificate where the name of its file belongs, as PEM and in base64.
  [/-----BEGIN[^]*?(?:-----END[^-]*-----|$)/g, '(redacted)'],
  [/LS0tLS1CRUdJT[\w+/=\s]*/g, '(redacted)'],
  // A token where the name of its file belongs.
  [/eyJ[\w-]+(?:\.[\w-]*)+/g, '(redacted)'],
];

/** A text of an error, without what is nobody's business. */
export const withoutSecrets = (text: string): string =>
  rows.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text);

/** A URL, or what should be one, without the user and password that may stand before its host. */
export const withoutUser = (url: string): string => url.replace(/[^/]*@/, '(redacted)@');

interface YamlError extends Error {
  readonly reason?: string;
  readonly mark?: { readonly line: number; readonly column: number };
}

/** An error of reading a file: one of YAML without the lines around it and the names of tags and aliases. */
export function withoutSource(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'YAMLException') {
    return error;
  }
  const { reason = 'no YAML', mark } = error as YamlError;
  // An unquoted password that starts with `*` or `!` is such a name.
  const [what = ''] = reason.split(/ ?(?:"|!<|:)/);
  return new Error(mark ? `${what} (line ${mark.line + 1}, column ${mark.column + 1})` : what);
}
