// Finds endpoints: `api(options, handler)`, `api.raw(...)`, `api.streamIn(...)` and their like.
import type { EndpointKind } from "@tenon/model";
import { argumentAt, type CallSite } from "./call-site.ts";
import type { Declaration, Expression, ObjectEntry } from "./declarations.ts";
import { readExpression } from "./expression.ts";
import { bareExpression } from "./syntax.ts";

/** Makes the finder of one kind. */
export function findEndpoint(endpointKind: EndpointKind): (site: CallSite) => Declaration {
  return (site) => endpointAt(site, endpointKind);
}

/** Schemas of a validation library are values for run time; what types they have is asked of the endpoint, not of them. */
function withoutSchemas(options: Expression): Expression {
  if (options.kind !== "object") return options;
  const entries = options.entries.map((entry): ObjectEntry => {
    if (entry.kind !== "property" || !isSchemaOption(entry.key)) return entry;
    const { start, end } = entry.node;
    return { ...entry, node: { kind: "value", value: undefined, start, end } };
  });
  return { ...options, entries };
}

function isSchemaOption(key: string): boolean {
  return key === "request" || key === "response";
}

/** Whether the options name a schema for it. */
export function hasSchema(options: Expression | null, key: "request" | "response"): boolean {
  return options?.kind === "object" && options.entries.some((entry) => entry.kind === "property" && entry.key === key);
}

function endpointAt(site: CallSite, endpointKind: EndpointKind): Declaration {
  const argument = argumentAt(site, 0);
  const options = argument === null ? null : readExpression(argument);
  return {
    kind: "api",
    endpointKind,
    call: { start: site.node.start, end: site.node.end },
    binding: site.binding,
    options: options === null ? null : withoutSchemas(options),
    // A folder of files is its own handler.
    hasHandler: endpointKind === "static" || argumentAt(site, 1) !== null,
    hasResponseType: hasResponseType(site) || hasSchema(options, "response"),
  };
}

/** A handler that is not written here is taken to have one. */
function hasResponseType(site: CallSite): boolean {
  if ((site.node.typeArguments?.params.length ?? 0) > 1) return true;
  const argument = argumentAt(site, 1);
  const handler = argument === null ? null : bareExpression(argument);
  const isFunction = handler?.type === "ArrowFunctionExpression" || handler?.type === "FunctionExpression";
  return !isFunction || handler.returnType != null;
}
