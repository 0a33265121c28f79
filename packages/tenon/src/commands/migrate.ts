// `tenon migrate`: applies the migrations of a production build; safe to run from many places at once.
import { booleanOption, type Command, integerOption, stringOption, UsageError } from "./definition.ts";
import { loadProductionBuild } from "./production-build.ts";

export const migrateCommand: Command = {
  name: "migrate",
  summary: "Applies the migrations of a production build",
  positionals: ["build-dir"],
  options: {
    infra: { type: "string", value: "FILE", summary: "infra.json: where the databases are (TENON_INFRA)" },
    check: {
      type: "boolean",
      summary: "change nothing; exit 1 when something is pending, edited, missing or made by hand",
    },
    "dry-run": { type: "boolean", summary: "change nothing; print the SQL that would run, in order" },
    json: { type: "boolean", summary: "print JSON, one object a database" },
    "lock-timeout": {
      type: "string",
      value: "SECONDS",
      summary: "wait no longer for another runner or a lock on a table (0: without end)",
    },
  },
  async run(input) {
    const infra = stringOption(input, "infra");
    const lockTimeout = integerOption(input, "lock-timeout", 0);
    const flags = ["check", "dry-run", "json"].filter((name) => booleanOption(input, name));
    if (flags.includes("check") && flags.includes("dry-run"))
      throw new UsageError("--check and --dry-run exclude each other");
    const build = await loadProductionBuild(input.positionals[0]);
    await build.main([
      "migrate",
      ...(infra === undefined ? [] : ["--infra", infra]),
      ...(lockTimeout === undefined ? [] : ["--lock-timeout", String(lockTimeout)]),
      ...flags.map((name) => `--${name}`),
    ]);
    return 0;
  },
};
