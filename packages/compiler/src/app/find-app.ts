// Reads the app file of an app (tenon.json, or encore.app of an Encore.ts app).
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Diagnostic } from "@tenon/model";
import { findNodeAtLocation, parseTree } from "jsonc-parser";
import { appFileNames } from "../aliases.ts";
import { appDiagnostic } from "./app-diagnostics.ts";
import { LineIndex } from "../diagnose/place.ts";
import { asObject, readJsonc } from "./read-jsonc.ts";
import { isWorkers } from "./workers.ts";

export interface App {
  /** Absolute. */
  readonly dir: string;
  /** From the app file, else the name of the folder. */
  readonly id: string;
  /** Name of the app file within `dir`; null when there is none. */
  readonly appFile: string | null;
  /** The app file's content; empty when there is none or it is broken. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the app file of `appDir`; what is wrong with it is in `diagnostics`. */
export async function readApp(appDir: string): Promise<App> {
  const appFile = appFileNames.find((name) => existsSync(join(appDir, name))) ?? null;
  const nothing: App = { dir: appDir, id: basename(appDir), appFile, settings: {}, diagnostics: [] };
  if (appFile === null) return nothing;

  const text = await readFile(join(appDir, appFile), "utf8");
  const lines = new LineIndex(text);
  const { value, errors } = readJsonc(text);
  const diagnostics = errors
    .slice(0, 1)
    .map(({ message, ...span }) =>
      appDiagnostic("TN1801", lines.place(appFile, span), { file: appFile, reason: message }),
    );
  if (diagnostics.length > 0) return { ...nothing, diagnostics };

  const settings = asObject(value);
  if (settings === null) {
    const words = { file: appFile, reason: "an object is expected" };
    return { ...nothing, diagnostics: [appDiagnostic("TN1801", lines.place(appFile, { start: 0, end: 0 }), words)] };
  }
  const { id, workers, fastLane } = settings;
  const hasId = id !== undefined && id !== "";
  const problem =
    hasId && typeof id !== "string"
      ? { field: "id", expected: "a string" }
      : workers !== undefined && !isWorkers(workers)
        ? { field: "workers", expected: 'a number from 1 to 256, or "cores"' }
        : fastLane !== undefined && typeof fastLane !== "boolean"
          ? { field: "fastLane", expected: "true or false" }
          : undefined;
  if (problem === undefined) return { ...nothing, settings, ...(typeof id === "string" && hasId ? { id } : {}) };
  const root = parseTree(text);
  const node = root === undefined ? undefined : findNodeAtLocation(root, [problem.field]);
  const span = node === undefined ? { start: 0, end: 0 } : { start: node.offset, end: node.offset + node.length };
  const words = { file: appFile, ...problem };
  return { ...nothing, settings, diagnostics: [appDiagnostic("TN1802", lines.place(appFile, span), words)] };
}
