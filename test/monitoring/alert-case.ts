// What a case of an alert is.

type Input = Readonly<Record<string, string>>;

export interface AlertCase {
  /** When to look. */
  readonly at: string;
  readonly fires: Input;
  /** Labels of the alert that fires, without its severity. */
  readonly labels: Readonly<Record<string, string>>;
  readonly quiet: Input;
}
