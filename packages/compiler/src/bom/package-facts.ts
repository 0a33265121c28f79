// What a bill of materials says of a package: from its own package.json, and from the lock file what its archive was.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { asObject } from "../app/read-jsonc.ts";
import type { Integrities } from "./lock-file.ts";

export interface PackageFacts {
  /** Package URL: "pkg:npm/%40scope/name@1.0.0". */
  readonly purl: string;
  readonly name: string;
  readonly version: string;
  /** As package.json has it: an SPDX expression, or words. */
  readonly license: string | undefined;
  /** Of the archive it was installed from, as lock files write it: "sha512-<base64>". */
  readonly integrity: string | undefined;
}

/** Of a package's folder; null for one without a name or a version, which nothing can refer to. */
export function packageFacts(folder: string, integrities: Integrities): PackageFacts | null {
  const manifest = readManifest(folder);
  const { name, version } = manifest;
  if (typeof name !== "string" || typeof version !== "string") return null;
  return {
    purl: packageUrl(name, version),
    name,
    version,
    license: licenseOf(manifest),
    integrity: integrities.of(folder, name, version),
  };
}

function readManifest(folder: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))) ?? {};
  } catch {
    return {};
  }
}

/** https://github.com/package-url/purl-spec: the "@" of a scope is encoded. */
function packageUrl(name: string, version: string): string {
  return `pkg:npm/${name.split("/").map(encodeURIComponent).join("/")}@${encodeURIComponent(version)}`;
}

/** `licenses: [{ type }]` and `license: { type }` are how it was written long ago. */
function licenseOf({ license, licenses }: Readonly<Record<string, unknown>>): string | undefined {
  const all = (Array.isArray(licenses) ? licenses : [license]).map((item) => asObject(item)?.["type"] ?? item);
  const names = all.filter((item): item is string => typeof item === "string" && item !== "");
  return names.length === 0 ? undefined : names.length === 1 ? names[0] : `(${names.join(" OR ")})`;
}
