// Why there are no keys or tokens of a cloud. Never holds one.
export const cloudErrors = {
  cloud_credentials_missing:
    "nothing in the environment of the process says how it gets credentials, or what it says cannot be used",
  cloud_credentials_unavailable: "who gives out the credentials was asked and gave none",
} as const;

export type CloudErrorCode = keyof typeof cloudErrors;

export class CloudCredentialsError extends Error {
  readonly code: CloudErrorCode;

  /** `reason` says what was tried. */
  constructor(code: CloudErrorCode, reason: string) {
    super(reason);
    this.name = "CloudCredentialsError";
    this.code = code;
  }
}
