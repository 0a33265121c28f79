// What becomes of responses that do not match their declared type: what the app file says, and else what the program was written for.
// Encore.ts never looks, and programs written for it return rows of databases as they come; Tenon refuses.
import type { Graph } from "@tenon/model";
import { readAppSettings } from "../discover/app-id.ts";
import type { SourceFile } from "../discover/scan-files.ts";

export function readResponses(appDir: string, sources: readonly SourceFile[]): Pick<Graph["app"], "responses"> {
  const { responses } = readAppSettings(appDir);
  const isLoose = responses === "loose" || (responses !== "strict" && sources.some(isWrittenForEncore));
  return isLoose ? { responses: "loose" } : {};
}

function isWrittenForEncore({ facts }: SourceFile): boolean {
  return facts.imports.some(({ specifier, isValue }) => isValue && /^encore\.dev(?:\/|$)/.test(specifier));
}
