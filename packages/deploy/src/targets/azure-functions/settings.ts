// What can be set of `tenon deploy azure-functions`.
import type { Setting, SettingValues } from "../../target.ts";
import { commonSettings, type FunctionSettings } from "../functions/settings.ts";

export const settings = {
  ...commonSettings,
  appPrefix: {
    type: "string",
    value: "NAME",
    summary:
      "function apps are called NAME-<process>, and reached at https://NAME-<process>.azurewebsites.net (the app's name)",
    check: (value) =>
      /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/.test(value as string)
        ? undefined
        : "must be a DNS label of at most 32 characters",
  },
} satisfies Record<string, Setting>;

export interface AzureSettings extends FunctionSettings {
  readonly appPrefix: string | undefined;
}

/** `values` have been read by `readSettings`, which leaves none of a wrong type. */
export function azureSettings(values: SettingValues): AzureSettings {
  return values as unknown as AzureSettings;
}
