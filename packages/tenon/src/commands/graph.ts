// `tenon graph`: prints what the app is made of, for programs (JSON) or for documents (Mermaid).
import type { Graph } from "@tenon/model";
import { appFolder } from "./app-folder.ts";
import { readAppGraph } from "./app-graph.ts";
import { type Command, stringOption, UsageError } from "./definition.ts";

export const graphCommand: Command = {
  name: "graph",
  summary: "Prints the application graph",
  positionals: ["dir"],
  options: { format: { type: "string", value: "F", summary: "json (default) or mermaid" } },
  async run(input) {
    const format = stringOption(input, "format") ?? "json";
    if (format !== "json" && format !== "mermaid")
      throw new UsageError(`--format must be json or mermaid, got "${format}"`);
    const appDir = appFolder(input.positionals[0]);
    const graph = await readAppGraph(appDir);
    if (graph === null) return 1;
    process.stdout.write(format === "json" ? `${JSON.stringify(graph, null, 2)}\n` : renderMermaid(graph));
    return 0;
  },
};

function renderMermaid(graph: Graph): string {
  const id = (kind: string, name: string): string => `${kind}_${name.replaceAll(/[^A-Za-z0-9]/g, "_")}`;
  const lines = ["flowchart LR"];
  for (const service of graph.services) lines.push(`  ${id("service", service.name)}["${service.name}"]`);
  for (const database of graph.databases) lines.push(`  ${id("database", database.name)}[("${database.name}")]`);
  for (const service of graph.services) {
    for (const { service: callee, endpoint } of service.calls) {
      lines.push(`  ${id("service", service.name)} -->|${endpoint}| ${id("service", callee)}`);
    }
    for (const database of service.databases)
      lines.push(`  ${id("service", service.name)} --- ${id("database", database)}`);
  }
  return `${lines.join("\n")}\n`;
}
