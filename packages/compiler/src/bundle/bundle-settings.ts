// What is the same for every bundle of one build.
import type { GeneratedFolders } from "../app/generated-folders.ts";
import type { TenonPackage } from "../app/locate-tenon.ts";

export interface BundleSettings {
  /** Absolute. */
  readonly appDir: string;
  /** development: packages of node_modules stay where they are. production: they are in the bundle, or in the build beside it. */
  readonly mode: "development" | "production";
  /** The user's tsconfig.json, for `paths`, JSX and decorators; null when there is none. */
  readonly tsconfigFile: string | null;
  /** That tsconfig would leave JSX as it is. */
  readonly keepsJsx?: boolean;
  readonly tenon: TenonPackage;
  readonly folders: GeneratedFolders;
  /** Absolute folder of the build that the bundle becomes part of. */
  readonly outDir: string;
}
