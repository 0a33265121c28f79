// `tenon check`: analyses the app and its types, prints what is wrong.
import { createCompiler, joinTypeErrors } from "@tenon/compiler";
import { appFolder } from "./app-folder.ts";
import { scratchBuildDir } from "./build-folders.ts";
import { booleanOption, type Command } from "./definition.ts";
import { renderDiagnostics } from "./diagnostics-text.ts";

export const checkCommand: Command = {
  name: "check",
  summary: "Analyses the app and its types and prints what is wrong",
  positionals: ["dir"],
  options: { json: { type: "boolean", summary: "print one diagnostic a line as JSON" } },
  async run(input) {
    const appDir = appFolder(input.positionals[0]);
    const compiler = await createCompiler({ appDir, outDir: scratchBuildDir(appDir), mode: "development" });
    try {
      const result = await compiler.build();
      const diagnostics = joinTypeErrors(result.diagnostics, await compiler.typeErrors());
      if (booleanOption(input, "json")) {
        for (const diagnostic of diagnostics) process.stdout.write(`${JSON.stringify(diagnostic)}\n`);
      } else {
        process.stderr.write(renderDiagnostics(diagnostics, appDir));
        if (diagnostics.length === 0 && result.graph !== null)
          process.stdout.write(`${describe(result.graph)}: no problems\n`);
      }
      return result.ok && !diagnostics.some((diagnostic) => diagnostic.severity === "error") ? 0 : 1;
    } finally {
      await compiler.close();
    }
  },
};

function describe(graph: { services: readonly { endpoints: readonly unknown[] }[] }): string {
  const endpoints = graph.services.reduce((sum, service) => sum + service.endpoints.length, 0);
  return `${count(graph.services.length, "service")}, ${count(endpoints, "endpoint")}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
