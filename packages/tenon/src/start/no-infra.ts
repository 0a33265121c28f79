// What stands for infra.json where there is none.
import type { Infra } from "./infra.ts";

export const noInfra: Infra = {
  databases: {},
  secrets: {},
  services: {},
  credential: undefined,
  shutdownTimeoutMs: undefined,
  environment: undefined,
  apiBaseUrl: undefined,
  messaging: undefined,
  objects: undefined,
  caches: {},
};
