// Reads `cors` of the app file (`global_cors` in an encore.app): which other origins the gateway answers. What is wrong with it is
// told at its place in the file.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Cors, Diagnostic } from "@tenon/model";
import { findNodeAtLocation, getNodeValue, type Node, parseTree } from "jsonc-parser";
import { appFileNames } from "../aliases.ts";
import { createDiagnostic } from "../diagnose/diagnostic.ts";
import { LineIndex } from "../diagnose/place.ts";

export interface CorsSettings {
  readonly cors: Cors | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Both spellings of each key are taken in both files. */
const keys: Readonly<Record<string, keyof Cors>> = {
  debug: "debug",
  allow_headers: "allowHeaders",
  expose_headers: "exposeHeaders",
  allow_origins_without_credentials: "allowOriginsWithoutCredentials",
  allow_origins_with_credentials: "allowOriginsWithCredentials",
};
const originKeys: ReadonlySet<keyof Cors> = new Set(["allowOriginsWithoutCredentials", "allowOriginsWithCredentials"]);
const sections = ["cors", "global_cors", "globalCors"];

export function readCorsSettings(appDir: string): CorsSettings {
  const appFile = appFileNames.find((name) => existsSync(join(appDir, name)));
  if (appFile === undefined) return { cors: null, diagnostics: [] };
  const text = readFileSync(join(appDir, appFile), "utf8");
  const root = parseTree(text, [], { allowTrailingComma: true });
  const section = sections
    .map((name) => (root === undefined ? undefined : findNodeAtLocation(root, [name])))
    .find((node) => node !== undefined && node.type !== "null");
  if (section === undefined) return { cors: null, diagnostics: [] };
  return new CorsReader(appFile, new LineIndex(text)).read(section);
}

class CorsReader {
  readonly #file: string;
  readonly #lines: LineIndex;
  readonly #diagnostics: Diagnostic[] = [];

  constructor(file: string, lines: LineIndex) {
    this.#file = file;
    this.#lines = lines;
  }

  read(section: Node): CorsSettings {
    if (section.type !== "object") {
      this.#report("TN1152", section, { setting: "cors", expected: "an object" });
      return { cors: null, diagnostics: this.#diagnostics };
    }
    const cors: Record<string, unknown> = {};
    for (const property of section.children ?? []) {
      const [keyNode, value] = property.children ?? [];
      if (keyNode === undefined || value === undefined) continue;
      const written = String(keyNode.value);
      const key = keys[written] ?? Object.values(keys).find((name) => name === written);
      if (key === undefined) this.#report("TN1151", keyNode, { setting: written, known: Object.keys(keys).join(", ") });
      else if (value.type !== "null" && this.#isRight(key, written, value)) cors[key] = getNodeValue(value);
    }
    return { cors: cors as Cors, diagnostics: this.#diagnostics };
  }

  #isRight(key: keyof Cors, written: string, value: Node): boolean {
    if (key === "debug") {
      if (value.type === "boolean") return true;
      this.#report("TN1152", value, { setting: written, expected: "true or false" });
      return false;
    }
    const items = value.type === "array" ? (value.children ?? []) : null;
    if (items === null || items.some(({ type }) => type !== "string")) {
      this.#report("TN1152", value, { setting: written, expected: "a list of strings" });
      return false;
    }
    if (originKeys.has(key)) for (const item of items) this.#checkOrigin(key, item);
    return true;
  }

  #checkOrigin(key: keyof Cors, item: Node): void {
    const origin = String(item.value);
    if (origin === "*") {
      if (key === "allowOriginsWithCredentials") this.#report("TN1150", item, {});
      return;
    }
    if (!isOrigin(origin)) this.#report("TN1153", item, { origin });
  }

  #report(code: "TN1150" | "TN1151" | "TN1152" | "TN1153", node: Node, words: Record<string, string>): void {
    const place = this.#lines.place(this.#file, { start: node.offset, end: node.offset + node.length });
    this.#diagnostics.push(createDiagnostic(code, place, words));
  }
}

/** `scheme://host[:port]`, with at most one "*", or "null"; a path or a bare host would never match what browsers send. */
function isOrigin(origin: string): boolean {
  if (origin === "null") return true;
  return origin.split("*").length <= 2 && /^[a-z*][a-z0-9+.*-]*:\/\/[^/?#\s]+$/i.test(origin);
}
