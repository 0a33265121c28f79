// What `appMeta()` tells in development.
import { randomUUID } from "node:crypto";
import type { BuildMeta, PlaceMeta } from "@tenon/runtime";

const deployId = randomUUID();

export function localPlaceMeta(gateway: string, build: BuildMeta): PlaceMeta {
  return {
    apiBaseUrl: gateway,
    environment: { name: "local", type: "development", cloud: "local" },
    build,
    deployId,
  };
}
