// What `npm audit --json` says, in one sentence. Pure.

interface Report {
  readonly message?: string;
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string; readonly range: string }>>;
}

/** What the registry knows, or why it did not say. */
export type Answer =
  | { readonly kind: 'silent'; readonly why: string }
  | { readonly kind: 'told'; readonly packages: readonly string[] };

/** Reads what npm printed. */
export function readAnswer(printed: string): Answer {
  let report: Report;
  try {
    report = JSON.parse(printed) as Report;
  } catch {
    return { kind: 'silent', why: printed.split('\n')[0] || 'npm printed nothing' };
  }
  const { vulnerabilities, message = 'npm reported no packages' } = report;
  if (vulnerabilities === undefined) return { kind: 'silent', why: message };
  const packages = Object.entries(vulnerabilities).map(
    ([name, { severity, range }]) => `${name} ${range} (${severity})`,
  );
  return { kind: 'told', packages };
}

/** The sentence for a person, and whether it is a fault. */
export function verdictOf(answer: Answer, mustAnswer: boolean): { text: string; isFault: boolean } {
  if (answer.kind === 'silent') {
    const todo = 'ask again where the registry can be reached, with npm audit --omit=dev';
    return {
      text: `audit: not made, the npm registry did not answer; ${todo}: ${answer.why}`,
      isFault: mustAnswer,
    };
  }
  const { packages } = answer;
  const todo = 'update them in package.json';
  return packages.length === 0
    ? { text: 'audit: nothing is known against the packages that users run', isFault: false }
    : { text: `audit: expected no known fault, found ${packages.join(', ')}; ${todo}`, isFault: true };
}
