// What `appMeta()` tells in production: from infra.json, the environment, and what `tenon build` noted of the sources.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BuildMeta, PlaceMeta } from "@tenon/runtime";
import { REVISION_FILE, REVISION_VARIABLE } from "../revision-file.ts";
import type { Infra } from "./infra.ts";

/** `deployId`: the same for all workers of an app; by default one of its own. */
export function placeMeta(
  buildDir: string,
  infra: Infra,
  environment: Readonly<Record<string, string | undefined>>,
  deployId: string = environment["TENON_DEPLOY_ID"] ?? randomUUID(),
): PlaceMeta {
  return {
    ...(infra.appId === undefined ? {} : { appId: infra.appId }),
    apiBaseUrl: infra.apiBaseUrl ?? "",
    environment: {
      name: environmentName(infra, environment),
      type: infra.environment?.type ?? "production",
      cloud: infra.environment?.cloud ?? "local",
    },
    build: readRevision(buildDir) ?? givenRevision(environment[REVISION_VARIABLE]),
    deployId,
  };
}

/** Also tells which `config.<environment>.json` counts. */
export function environmentName(infra: Infra, environment: Readonly<Record<string, string | undefined>>): string {
  return environment["TENON_ENVIRONMENT"] ?? infra.environment?.name ?? "production";
}

/** undefined: the build does not say. That of a unit does not, or each commit would make another one of it. */
function readRevision(buildDir: string): BuildMeta | undefined {
  try {
    return JSON.parse(readFileSync(join(buildDir, REVISION_FILE), "utf8")) as BuildMeta;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** As `git describe --dirty` marks it. */
function givenRevision(text = ""): BuildMeta {
  const revision = text.replace(/-dirty$/, "");
  return { revision, uncommittedChanges: revision !== text };
}
