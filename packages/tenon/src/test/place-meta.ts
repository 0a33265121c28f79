// What `appMeta()` tells in tests.
import { randomUUID } from "node:crypto";
import type { BuildMeta, PlaceMeta } from "@tenon/runtime";

export function testPlaceMeta(build: BuildMeta): PlaceMeta {
  return {
    apiBaseUrl: "http://localhost:4000",
    environment: { name: "test", type: "test", cloud: "local" },
    build,
    deployId: randomUUID(),
  };
}
