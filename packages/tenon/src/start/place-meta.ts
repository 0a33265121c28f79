// What `appMeta()` tells in production: from infra.json, the environment, and what `tenon build` noted of the sources.
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildMeta, PlaceMeta } from "@tenon/runtime";
import { REVISION_FILE } from "../revision-file.ts";
import type { Infra } from "./infra.ts";

/** `deployId`: the same for all workers of an app; by default one of its own. */
export async function placeMeta(
  buildDir: string,
  infra: Infra,
  environment: Readonly<Record<string, string | undefined>>,
  deployId: string = environment["TENON_DEPLOY_ID"] ?? randomUUID(),
): Promise<PlaceMeta> {
  return {
    apiBaseUrl: infra.apiBaseUrl ?? "",
    environment: {
      name: environmentName(infra, environment),
      type: infra.environment?.type ?? "production",
      cloud: infra.environment?.cloud ?? "local",
    },
    build: await readRevision(buildDir),
    deployId,
  };
}

/** Also tells which `config.<environment>.json` counts. */
export function environmentName(infra: Infra, environment: Readonly<Record<string, string | undefined>>): string {
  return environment["TENON_ENVIRONMENT"] ?? infra.environment?.name ?? "production";
}

async function readRevision(buildDir: string): Promise<BuildMeta> {
  const text = await readFile(join(buildDir, REVISION_FILE), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return '{"revision":"","uncommittedChanges":false}';
    throw error;
  });
  return JSON.parse(text) as BuildMeta;
}
