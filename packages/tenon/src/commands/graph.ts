// `tenon graph`: prints what the app is made of, for programs (JSON) or for documents (Mermaid).
import { appFolder } from "./app-folder.ts";
import { readAppGraph } from "./app-graph.ts";
import { type Command, stringOption, UsageError } from "./definition.ts";
import { renderMermaid } from "./render-mermaid.ts";

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
