// The entry of an auth handler: how its parameters are read from a request, and the codec of what it gives.
import type { AuthHandler, Endpoint, Schemas } from "@tenon/model";
import { decodeHttpFunction } from "./http-code.ts";
import { type ModuleText, pascalCase } from "./module-text.ts";
import { indent, quote } from "./quote.ts";
import { rootFunction, rootFunctions } from "./root-code.ts";

export function authHandlerEntry(m: ModuleText, handler: AuthHandler, schemas: Schemas): string[] {
  const hint = pascalCase(handler.name);
  const params = rootFunction(m, handler.params, "decode", `${hint}Params`);
  const decodeHttp = decodeHttpFunction(m, asEndpoint(handler), schemas, `${hint}Params`, params);
  const data = rootFunctions(m, handler.data, `${hint}Data`);
  return [
    `[${quote(handler.name)}]: {`,
    ...indent([
      `params: { decodeHttp: ${decodeHttp} },`,
      `data: { decode: ${data.decode}, encode: ${data.encode}, copy: ${data.copy} },`,
    ]),
    "},",
  ];
}

/** Its parameters are read like the fields of an endpoint that has no body. */
function asEndpoint({ name, params, fields, location }: AuthHandler): Endpoint {
  return {
    name,
    kind: "typed",
    methods: ["GET"],
    path: { pattern: "/", segments: [] },
    expose: false,
    auth: false,
    sensitive: true,
    tags: [],
    bodyLimitBytes: 0,
    request: params,
    fields,
    location,
  };
}
