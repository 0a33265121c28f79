// What can be set of `tenon deploy gcf`.
import type { Setting, SettingValues } from "../../target.ts";
import { commonSettings, type FunctionSettings, wholeProblem } from "../functions/settings.ts";

export const settings = {
  ...commonSettings,
  runtime: {
    type: "string",
    value: "NAME",
    summary: "the runtime: nodejs22 or nodejs24",
    default: "nodejs22",
    check: (value) => (/^nodejs2[02468]$/.test(value as string) ? undefined : "must be a runtime as nodejs22"),
  },
  concurrency: {
    type: "number",
    value: "N",
    summary: "requests that one instance answers at a time",
    default: 20,
    check: wholeProblem,
  },
} satisfies Record<string, Setting>;

export interface GcfSettings extends FunctionSettings {
  readonly runtime: string;
  readonly concurrency: number;
}

/** `values` have been read by `readSettings`, which leaves none of a wrong type. */
export function gcfSettings(values: SettingValues): GcfSettings {
  return values as unknown as GcfSettings;
}
