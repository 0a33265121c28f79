// What a deployment tells one of its processes, read as `tenon start` would read it there: it must name everything that the process needs and
// nothing else. For every target of `tenon deploy`.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./tenon.mjs";

const { readInfra } = await import(join(root, "packages/tenon/dist/start/infra.js"));
const { readHosting } = await import(join(root, "packages/tenon/dist/start/hosting.js"));
const { neededServices } = await import(join(root, "packages/tenon/dist/start/remotes.js"));
const { findRequirements } = await import(join(root, "packages/tenon/dist/start/requirements.js"));

/**
 * `text`: its infra.json. `environment`: what the target puts into the environment of this process, secrets with some value; a value that
 * infra.json wants from there and does not find fails the test. `files`: paths beside infra.json -> text, for `{"$file": ...}`.
 */
export async function checkUnitInfra({ graph, unit, text, environment, files = {} }) {
  const folder = await mkdtemp(join(tmpdir(), "tenon-unit-"));
  try {
    const file = join(folder, "infra.json");
    await writeFile(file, text);
    for (const [path, content] of Object.entries(files)) await writeFile(join(folder, path), content);
    const infra = await readInfra(file, environment);
    const hosting = readHosting(graph, hostingOptions(unit), infra);
    // Without an environment: what stands in for infra.json at the start would hide what infra.json lacks.
    const found = findRequirements(graph, hosting, infra, {});
    assert.deepEqual(
      Object.keys(infra.databases).sort(),
      Object.keys(found.databases).sort(),
      `${unit.name}: databases`,
    );
    assert.deepEqual(Object.keys(infra.secrets).sort(), Object.keys(found.secrets).sort(), `${unit.name}: secrets`);
    const needed = [...neededServices(graph, hosting).keys()].sort();
    assert.deepEqual(Object.keys(infra.services).sort(), needed, `${unit.name}: services`);
    assert.deepEqual(infra.messaging, found.messaging, `${unit.name}: messages`);
    assert.deepEqual(infra.objects, found.objects, `${unit.name}: buckets`);
    assert.deepEqual(infra.caches, found.caches?.clusters ?? {}, `${unit.name}: caches`);
    return { infra, found };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** As a unit's process is started: `tenon start` with these. */
function hostingOptions({ kind, services }) {
  if (kind === "app") return {};
  return kind === "gateway" ? { gatewayOnly: true } : { services: services.join(","), noGateway: true };
}

/** Placements under which every target should be looked at. */
export const placements = ["per-service", "single", { office: ["billing", "orders"] }];
