// Decides where the generated clients go: `~tenon/*` and, for apps in the Encore.ts style, `~encore/*`.
import { join } from "node:path";
import type { Tsconfig } from "./tsconfig.ts";

export interface GeneratedFolders {
  /** Absolute folder behind `~tenon/*`. */
  readonly tenon: string;
  /** Absolute folder behind `~encore/*`. */
  readonly encore: string;
  /** The user's tsconfig names it, so that it is written even when no code mentions it yet. */
  readonly encoreConfigured: boolean;
}

export function generatedFolders(appDir: string, tsconfig: Tsconfig | null): GeneratedFolders {
  const encore = folderBehind(tsconfig, "~encore/*");
  return {
    tenon: folderBehind(tsconfig, "~tenon/*") ?? join(appDir, ".tenon", "gen"),
    encore: encore ?? join(appDir, "encore.gen"),
    encoreConfigured: encore !== null,
  };
}

function folderBehind(tsconfig: Tsconfig | null, pattern: string): string | null {
  const target = tsconfig?.paths[pattern]?.[0];
  return target?.endsWith("/*") === true ? target.slice(0, -2) : null;
}
