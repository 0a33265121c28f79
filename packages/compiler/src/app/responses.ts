// What becomes of responses that do not match their declared type: what the app file says, and else what the program was written for.
// Encore.ts never looks, and programs written for it return rows of databases as they come; Tenon refuses.
import type { Graph } from "@tenon/model";
import { readAppSettings } from "../discover/app-id.ts";
import type { SourceFile } from "../discover/scan-files.ts";
import { isWrittenForEncore } from "../discover/written-for-encore.ts";

export function readResponses(appDir: string, sources: readonly SourceFile[]): Pick<Graph["app"], "responses"> {
  const { responses } = readAppSettings(appDir);
  const isLoose = responses === "loose" || (responses !== "strict" && sources.some(isWrittenForEncore));
  return isLoose ? { responses: "loose" } : {};
}
