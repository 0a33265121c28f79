// The modules of a unit: bundles and codecs of its services, and of others the codecs of what the unit's code calls or is told.
import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Graph, Service } from "@tenon/model";
import { codecModule } from "../bundle/framework-modules.ts";
import { emitCodecs } from "../emit/codecs/emit-codecs.ts";
import { type BuildManifest, manifestText, readManifest } from "../emit/files/write-build.ts";
import { calledEndpoints } from "./cut-graph.ts";

export async function cutServices(graph: Graph, buildDir: string, outDir: string): Promise<void> {
  const whole = (await readManifest(buildDir))!;
  const services: Record<string, BuildManifest["services"][string]> = {};
  await mkdir(join(outDir, "services"), { recursive: true });
  for (const service of graph.services) {
    const { bundle, codecs } = whole.services[service.name]!;
    const isHosted = graph.app.unit!.services.includes(service.name);
    const spoken = isHosted ? service : withCalled(graph, service);
    if (!isHosted && !isSpokenTo(graph, spoken)) continue;
    await writeModule(join(outDir, codecs), emitCodecs(spoken, graph, `../runtime/${codecModule}.js`));
    services[service.name] = isHosted ? { bundle: bundle!, codecs } : { codecs };
    if (!isHosted) continue;
    for (const file of [bundle!, `${bundle}.map`]) await cp(join(buildDir, file), join(outDir, file));
  }
  await writeFile(join(outDir, "build.json"), manifestText({ services }));
}

/** A public door passes on what it does not serve itself, without reading it. */
function withCalled(graph: Graph, service: Service): Service {
  const called = calledEndpoints(graph, graph.app.unit!, service.name);
  return { ...service, endpoints: service.endpoints.filter(({ name }) => called.has(name)) };
}

function isSpokenTo({ authHandlers = [] }: Graph, { name, endpoints }: Service): boolean {
  return endpoints.length > 0 || authHandlers.some(({ service }) => service === name);
}

async function writeModule(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
