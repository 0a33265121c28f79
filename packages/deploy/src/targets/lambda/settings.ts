// What can be set of `tenon deploy lambda`.
import type { Setting, SettingValues } from "../../target.ts";
import { commonSettings, type FunctionSettings } from "../functions/settings.ts";

export const settings = {
  ...commonSettings,
  runtime: {
    type: "string",
    value: "NAME",
    summary: "Lambda's runtime: nodejs22.x or nodejs24.x",
    default: "nodejs22.x",
    check: (value) => (/^nodejs2[02468]\.x$/.test(value as string) ? undefined : "must be a runtime as nodejs22.x"),
  },
  architecture: {
    type: "string",
    value: "NAME",
    summary: "arm64 or x86_64; packages with native code must be built there",
    default: "arm64",
    check: (value) => (["arm64", "x86_64"].includes(value as string) ? undefined : "must be arm64 or x86_64"),
  },
  streaming: { type: "boolean", summary: "answers of function URLs are streamed", default: false },
  logDays: {
    type: "number",
    value: "DAYS",
    summary: "how long logs are kept",
    default: 30,
    check: (value) =>
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365].includes(value as number)
        ? undefined
        : "must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365",
  },
} satisfies Record<string, Setting>;

export interface LambdaSettings extends FunctionSettings {
  readonly runtime: string;
  readonly architecture: "arm64" | "x86_64";
  readonly streaming: boolean;
  readonly logDays: number;
}

/** `values` have been read by `readSettings`, which leaves none of a wrong type. */
export function lambdaSettings(values: SettingValues): LambdaSettings {
  return values as unknown as LambdaSettings;
}
