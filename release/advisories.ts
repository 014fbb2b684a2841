// What `npm audit --json` and `govulncheck -format json` say, in one sentence each. Pure.

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

interface Finding {
  readonly finding?: {
    readonly osv: string;
    readonly trace: readonly {
      readonly module: string;
      readonly version?: string;
      readonly function?: string;
    }[];
  };
}

/** Reads what govulncheck printed: objects one after the other. A fault counts where the program calls it. */
export function readGoAnswer(printed: string): Answer {
  let messages: readonly Finding[];
  try {
    messages = JSON.parse(`[${printed.trim().replaceAll(/^\}\n\{/gm, '},{')}]`) as Finding[];
  } catch {
    return { kind: 'silent', why: printed.split('\n')[0] ?? '' };
  }
  if (messages.length === 0) return { kind: 'silent', why: 'govulncheck printed nothing' };
  const packages = messages.flatMap(({ finding }) => {
    const [place] = finding?.trace ?? [];
    const isCalled = place?.function !== undefined;
    return isCalled ? [`${place.module} ${place.version ?? ''} (${finding?.osv})`] : [];
  });
  return { kind: 'told', packages: [...new Set(packages)] };
}

/** Who is asked, and of what. */
export interface Register {
  readonly name: string;
  /** The command with which a person asks. */
  readonly command: string;
  readonly subject: string;
  /** Where the versions are. */
  readonly file: string;
}

/** The registers that know faults of what users run. */
export const registers = {
  npm: {
    name: 'the npm registry',
    command: 'npm audit --omit=dev',
    subject: 'the packages that users run',
    file: 'package.json',
  },
  go: {
    name: 'the Go vulnerability database',
    command: 'govulncheck ./... in witness/',
    subject: 'the Go modules of the witness',
    file: 'witness/go.mod',
  },
} as const satisfies Record<string, Register>;

/** The sentence for a person, and whether it is a fault. */
export function verdictOf(
  answer: Answer,
  mustAnswer: boolean,
  { name, command, subject, file }: Register = registers.npm,
): { text: string; isFault: boolean } {
  if (answer.kind === 'silent') {
    const todo = `ask again where it can be reached, with ${command}`;
    return { text: `audit: not made, ${name} did not answer; ${todo}: ${answer.why}`, isFault: mustAnswer };
  }
  const { packages } = answer;
  return packages.length === 0
    ? { text: `audit: nothing is known against ${subject}`, isFault: false }
    : {
        text: `audit: expected no known fault, found ${packages.join(', ')}; update them in ${file}`,
        isFault: true,
      };
}
