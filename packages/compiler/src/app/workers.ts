// How many worker processes a production build runs in, as the app file says.
import type { Graph } from "@tenon/model";
import { readAppSettings } from "../discover/app-id.ts";

/** What is no number of workers is refused where the app file is read. */
export function readWorkers(appDir: string): Pick<Graph["app"], "workers"> {
  const { workers } = readAppSettings(appDir);
  return isWorkers(workers) ? { workers } : {};
}

export function isWorkers(value: unknown): value is number | "cores" {
  return value === "cores" || (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 256);
}
