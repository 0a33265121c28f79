// Whether an app turns the fast lane off, as the app file says.
import type { Graph } from "@tenon/model";
import { readAppSettings } from "../discover/app-id.ts";

/** What is neither true nor false is refused where the app file is read. */
export function readFastLane(appDir: string): Pick<Graph["app"], "fastLane"> {
  return readAppSettings(appDir).fastLane === false ? { fastLane: false } : {};
}
