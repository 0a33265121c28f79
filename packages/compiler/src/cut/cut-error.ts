// Why a build cannot be cut; the command prints code, message and hint.
export type CutErrorCode =
  | "no_build"
  | "build_is_cut"
  | "unknown_service"
  | "unit_empty"
  | "folder_in_use"
  | "no_tenon";

export class CutError extends Error {
  readonly code: CutErrorCode;
  readonly hint: string;

  constructor(code: CutErrorCode, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
