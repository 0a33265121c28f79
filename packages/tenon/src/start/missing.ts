// What a process needs and does not have: one thing each, with where it goes and the line to add.

export interface Missing {
  /** `database "users"`. */
  readonly what: string;
  /** Where it is looked for. */
  readonly where: string;
  /** A line of infra.json; absent where one cannot be written down. */
  readonly add?: string;
}

export class RequirementsError extends Error {
  readonly code = "infra_incomplete";
  readonly hint = "Add them to infra.json (see docs/reference/infra.md) or set the environment variables.";
  readonly missing: readonly Missing[];

  constructor(missing: readonly Missing[]) {
    super(`this process needs what is not there:\n${missing.map(missingText).join("\n")}`);
    this.missing = missing;
  }
}

export function missingText({ what, where, add }: Missing): string {
  return `  - ${what}: ${where}${add === undefined ? "" : `\n      add ${add}`}`;
}
