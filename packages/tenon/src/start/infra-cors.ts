// `cors` of infra.json: how the public door answers pages of other origins, in place of what the app file says.
import type { Cors } from "@tenon/model";
import type { InfraValues } from "./infra-values.ts";

const lists = {
  allow_headers: "allowHeaders",
  expose_headers: "exposeHeaders",
  allow_origins_without_credentials: "allowOriginsWithoutCredentials",
  allow_origins_with_credentials: "allowOriginsWithCredentials",
} as const;

export function readCors(value: unknown, values: InfraValues): { readonly cors?: Cors } {
  if (value === undefined) return {};
  const cors = values.object(value, "cors");
  values.only(cors, ["debug", ...Object.keys(lists)], "cors");
  const read = Object.entries(lists)
    .filter(([key]) => cors[key] !== undefined)
    .map(([key, name]) => [name, values.names(cors[key], `cors.${key}`)] as const);
  return {
    cors: { ...Object.fromEntries(read), ...(values.flag(cors["debug"], "cors.debug") ? { debug: true } : {}) },
  };
}
