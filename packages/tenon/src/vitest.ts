// `tenon/vitest`: lets plain `vitest` run the tests of an app.
export { type TenonPlugin, type TenonPluginOptions, tenon } from "./vitest/plugin.ts";
