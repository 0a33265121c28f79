// Analyses an app for a command that wants to know what it is made of. What is wrong with it goes to stderr.
import { createCompiler } from "@tenon/compiler";
import type { Graph } from "@tenon/model";
import { scratchBuildDir } from "./build-folders.ts";
import { renderDiagnostics } from "./diagnostics-text.ts";

/** null: the analysis failed. */
export async function readAppGraph(appDir: string): Promise<Graph | null> {
  const compiler = await createCompiler({ appDir, outDir: scratchBuildDir(appDir), mode: "development" });
  try {
    const { graph, diagnostics } = await compiler.build();
    process.stderr.write(renderDiagnostics(diagnostics, appDir));
    return graph;
  } finally {
    await compiler.close();
  }
}
