// What is wrong with what was asked of a deployment; the command prints code, message and hint. Each code stands in docs/reference/deploy.md.

/** Code -> when it is given. */
export const deployErrors = {
  placement_invalid:
    "`placement` of tenon.json, or `--placement`, names a service that is not there, one twice, or is of another shape",
  name_not_deployable:
    "the name of the app or of a process can't be made a DNS label, or two processes would have the same",
  unknown_target: "there is no such target",
  setting_invalid: "a setting is unknown, of another type, or has a value that the target can't use",
  setting_missing: "the target can't do without a setting",
  target_unable: "the app uses something that the target does not have",
} as const;

export type DeployErrorCode = keyof typeof deployErrors;

export class DeployError extends Error {
  readonly code: DeployErrorCode;
  readonly hint: string;

  constructor(code: DeployErrorCode, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
