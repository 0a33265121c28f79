// The entry of a response: its codec, and what belongs into the headers of the public answer.
import type { Schema } from "@tenon/model";
import type { ModuleText } from "./module-text.ts";
import { indent, quote } from "./quote.ts";
import { rootFunctions } from "./root-code.ts";

export function responseEntry(m: ModuleText, schema: Schema, hint: string): string[] {
  const functions = rootFunctions(m, schema, hint);
  const headers = headersOf(m, schema);
  if (headers.size === 0) {
    return [`response: { decode: ${functions.decode}, encode: ${functions.encode}, copy: ${functions.copy} },`];
  }
  const names = m.constant("headers", `[${[...headers.keys()].map(quote).join(", ")}]`);
  const check = m.use("checkHeaders");
  const entry = (mode: "decode" | "encode" | "copy") =>
    `${mode}: (value, issues) => ${check}(${functions[mode]}(value, issues), ${names}, issues),`;
  const take = [...headers].map(
    ([property, header]) => `${m.use("takeHeader")}(wire, ${quote(property)}, headers, ${quote(header)});`,
  );
  return [
    "response: {",
    ...indent([entry("decode"), entry("encode"), entry("copy"), "takeHeaders(wire, headers) {", ...indent(take), "},"]),
    "},",
  ];
}

/** Property -> header, of the response object or of the objects it can be. */
function headersOf(m: ModuleText, schema: Schema): ReadonlyMap<string, string> {
  const { shape } = m.shapes.slotOf(schema);
  const found = new Map<string, string>();
  for (const { schema: option } of shape.schema.kind === "options" ? shape.schema.options : [shape]) {
    if (option.kind !== "object") continue;
    for (const { name, placement } of option.properties) {
      if (placement?.in === "header") found.set(name, placement.name.toLowerCase());
    }
  }
  return found;
}
