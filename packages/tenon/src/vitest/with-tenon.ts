// Adds the plugin to the settings that Vitest gives to Vite: how `tenon test` gets by with whatever configuration an app has.
import { tenon } from "./plugin.ts";

export function withTenon<Settings extends { readonly plugins?: readonly unknown[] }>(settings: Settings): Settings {
  return { ...settings, plugins: [tenon(), ...(settings.plugins ?? [])] };
}
