// Decides where the generated clients go: `~tenon/*` and, for apps in the Encore.ts style, `~encore/*`.
import { join, sep } from "node:path";
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

/** With `moduleResolution: nodenext` TypeScript wants the file spelled out. */
const targetEndings = ["/*", "/*/index.d.ts", "/*/index", "/*/index.js"];

function folderBehind(tsconfig: Tsconfig | null, pattern: string): string | null {
  const target = tsconfig?.paths[pattern]?.[0];
  const ending = targetEndings.find((candidate) => target?.split(sep).join("/").endsWith(candidate));
  return target === undefined || ending === undefined ? null : target.slice(0, -ending.length);
}
