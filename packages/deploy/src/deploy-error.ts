// What is wrong with what was asked of a deployment; the command prints code, message and hint.
export type DeployErrorCode =
  | "placement_invalid"
  | "name_not_deployable"
  | "unknown_target"
  | "setting_invalid"
  | "setting_missing"
  | "files_edited"
  | "target_unable"
  | "image_content_invalid"
  | "image_reference_invalid"
  | "native_addon_platform"
  | "base_unusable"
  | "output_not_replaceable"
  | "registry_unreachable"
  | "registry_unauthorized"
  | "registry_refused"
  | "registry_credentials_unreadable";

export class DeployError extends Error {
  readonly code: DeployErrorCode;
  readonly hint: string;

  constructor(code: DeployErrorCode, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
