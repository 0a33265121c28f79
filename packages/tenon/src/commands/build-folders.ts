// Where builds go below an app's `.tenon`. That of `tenon dev` must not be touched by a command that runs beside it.
import { join } from "node:path";

export const devBuildDir = (appDir: string): string => join(appDir, ".tenon", "dev");
export const scratchBuildDir = (appDir: string): string => join(appDir, ".tenon", "check");
export const productionBuildDir = (appDir: string): string => join(appDir, ".tenon", "build");
