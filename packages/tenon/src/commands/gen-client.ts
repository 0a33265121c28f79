// What `tenon gen client` writes for each language.
import { extname } from "node:path";
import { type ClientTextOptions, emitJavaScriptClient, emitOpenApi, emitTypeScriptClient } from "@tenon/compiler";
import type { Graph } from "@tenon/model";
import { UsageError } from "./definition.ts";

const languages = ["typescript", "javascript", "openapi"] as const;
export type ClientLanguage = (typeof languages)[number];

const byExtension: Readonly<Record<string, ClientLanguage>> = {
  ".ts": "typescript",
  ".mts": "typescript",
  ".js": "javascript",
  ".mjs": "javascript",
  ".json": "openapi",
};

/** As the command line says, else by the ending of the file that is to be written. */
export function clientLanguage(named: string | undefined, file: string | undefined): ClientLanguage {
  const known = languages.find((language) => language === named);
  if (known !== undefined) return known;
  if (named !== undefined) throw new UsageError(`--lang must be one of ${languages.join(", ")}, got "${named}"`);
  if (file === undefined) throw new UsageError(`name a language (--lang ${languages.join("|")}) or a file (-o)`);
  const language = byExtension[extname(file)];
  if (language !== undefined) return language;
  const endings = Object.keys(byExtension).join(", ");
  throw new UsageError(`"${file}" does not end in ${endings}: say with --lang what it is to be`);
}

export function clientText(graph: Graph, language: ClientLanguage, options: ClientTextOptions): string {
  if (language === "openapi") {
    return `${JSON.stringify(emitOpenApi(graph, { ...options, serverUrl: options.localUrl }), null, 2)}\n`;
  }
  return language === "javascript" ? emitJavaScriptClient(graph, options) : emitTypeScriptClient(graph, options);
}
