// The generated codecs of one checkout: emitted by its compiler, on top of its runtime's building blocks.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../harness/environment.mjs";
import { importBuilt } from "../harness/import-built.mjs";
import { graph } from "./endpoints.mjs";

/** `packagesDir`: the `packages` folder of a built checkout. `text`: the module as it was emitted. */
export async function loadCodecs(packagesDir) {
  const { emitCodecs } = await importBuilt(packagesDir, "compiler/dist/emit/codecs/emit-codecs.js");
  const runtime = pathToFileURL(join(packagesDir, "runtime/dist/codec/codec.js")).href;
  const text = emitCodecs(graph.services[0], graph, runtime);
  const dir = join(root, "bench/tmp/codecs");
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `codecs-${process.pid}.mjs`);
  writeFileSync(file, text);
  const { codecs } = await import(pathToFileURL(file).href);
  rmSync(file);
  return { codecs, text: text.replace(runtime, "@tenon/runtime/codec") };
}
