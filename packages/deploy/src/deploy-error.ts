// What is wrong with what was asked of a deployment; the command prints code, message and hint. Each code stands in docs/reference/deploy.md.

/** Code -> when it is given. */
export const deployErrors = {
  placement_invalid:
    "`placement` of tenon.json, or `--placement`, names a service that is not there, one twice, or is of another shape",
  name_not_deployable:
    "the name of the app or of a process can't be made a DNS label, or two processes would have the same; or something would have the name of what the target adds",
  unknown_target: "there is no such target",
  setting_invalid: "a setting is unknown, of another type, or has a value that the target can't use",
  setting_missing: "the target can't do without a setting",
  target_unable: "the app uses something that the target does not have",
  image_content_invalid: "a file of the build can't be in an image",
  image_reference_invalid: "the name of an image is misspelt, or names no registry where one is needed",
  native_addon_platform: "a package of the build has native code for other platforms than the image is for",
  base_unusable: "the base image is not there for a platform, or can't be made of this machine's parts",
  output_not_replaceable: "the folder for images holds something else, or can't be written",
  registry_unreachable: "a registry gives no answer, after several attempts",
  registry_unauthorized: "a registry does not let us in, or not do this",
  registry_refused: "a registry refused a request, or gave something else than what was asked for",
  registry_credentials_unreadable: "a file with credentials can't be read, or a credential helper fails",
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
