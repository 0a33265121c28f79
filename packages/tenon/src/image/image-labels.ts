// What an image says of itself, in the names of the OCI specification's annotations: title always; version, revision and source only in an image
// of the whole app. They change with every release or commit, and an image of one process is to stay the same while its services do.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BuildMeta } from "@tenon/runtime";
import { REVISION_FILE } from "../revision-file.ts";

const prefix = "org.opencontainers.image.";

/** `given`: "name=value", over all others. */
export function wholeImageLabels(
  title: string,
  places: { readonly appDir: string; readonly buildDir: string },
  given: readonly string[],
): Record<string, string> {
  const { version, repository } = readManifest(places.appDir);
  const { revision, uncommittedChanges } = readRevision(places.buildDir);
  const source = typeof repository === "string" ? repository : repository?.url;
  return {
    ...unitImageLabels(title, []),
    ...(version === undefined ? {} : { [`${prefix}version`]: version }),
    // A revision that the image is not of would be worse than none.
    ...(revision === "" || uncommittedChanges ? {} : { [`${prefix}revision`]: revision }),
    ...(source === undefined ? {} : { [`${prefix}source`]: source.replace(/^git\+/, "") }),
    ...pairs(given),
  };
}

export function unitImageLabels(title: string, given: readonly string[]): Record<string, string> {
  return { [`${prefix}title`]: title, ...pairs(given) };
}

/** https://reproducible-builds.org/specs/source-date-epoch: seconds since 1970; undefined where it is not set. */
export function createdAt(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const seconds = environment["SOURCE_DATE_EPOCH"] ?? "";
  return /^\d{1,11}$/.test(seconds) ? new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z") : undefined;
}

function pairs(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(given.map((item) => [item.slice(0, item.indexOf("=")), item.slice(item.indexOf("=") + 1)]));
}

function readManifest(appDir: string): { version?: string; repository?: string | { url?: string } } {
  return readJson(join(appDir, "package.json")) ?? {};
}

function readRevision(buildDir: string): BuildMeta {
  return readJson(join(buildDir, REVISION_FILE)) ?? { revision: "", uncommittedChanges: false };
}

/** undefined: there is no such file. */
function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
