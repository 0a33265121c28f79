// `tenon migrate`: applies the migrations of a production build; safe to run from many places at once.
import { type Command, stringOption } from "./definition.ts";
import { loadProductionBuild } from "./production-build.ts";

export const migrateCommand: Command = {
  name: "migrate",
  summary: "Applies the migrations of a production build",
  positionals: ["build-dir"],
  options: { infra: { type: "string", value: "FILE", summary: "infra.json: where the databases are (TENON_INFRA)" } },
  async run(input) {
    const infra = stringOption(input, "infra");
    const build = await loadProductionBuild(input.positionals[0]);
    await build.main(["migrate", ...(infra === undefined ? [] : ["--infra", infra])]);
    return 0;
  },
};
