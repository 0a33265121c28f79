// The entry of a response: its codec, and what belongs into the status, the headers and the cookies of the public answer.
import type { Schema } from "@tenon/model";
import type { ModuleText } from "./module-text.ts";
import { indent, quote } from "./quote.ts";
import { rootFunctions } from "./root-code.ts";

type Placed = "header" | "cookie" | "status";

export function responseEntry(m: ModuleText, schema: Schema, hint: string): string[] {
  const functions = rootFunctions(m, schema, hint);
  const headers = placedIn(m, schema, "header");
  const cookies = placedIn(m, schema, "cookie");
  const statuses = placedIn(m, schema, "status");
  if (headers.size + cookies.size + statuses.size === 0) {
    return [`response: { decode: ${functions.decode}, encode: ${functions.encode}, copy: ${functions.copy} },`];
  }
  const checked = (mode: "decode" | "encode" | "copy") => {
    const call = `${functions[mode]}(value, issues)`;
    const withHeaders = headers.size === 0 ? call : checkCode(m, "checkHeaders", headers, call);
    const withCookies = cookies.size === 0 ? withHeaders : checkCode(m, "checkCookies", cookies, withHeaders);
    return `${mode}: ${withCookies === call ? functions[mode] : `(value, issues) => ${withCookies}`},`;
  };
  return [
    "response: {",
    ...indent([
      checked("decode"),
      checked("encode"),
      checked("copy"),
      ...takeLines(m, "takeHeader", "headers", headers),
      ...takeLines(m, "takeCookie", "cookies", cookies),
      ...(statuses.size === 0 ? [] : [`takeStatus: (wire) => ${m.use("takeStatus")}(wire, ${names(m, statuses)}),`]),
    ]),
    "},",
  ];
}

function names(m: ModuleText, placed: ReadonlyMap<string, string>): string {
  return m.constant("placed", `[${[...placed.keys()].map(quote).join(", ")}]`);
}

function checkCode(m: ModuleText, check: string, placed: ReadonlyMap<string, string>, call: string): string {
  return `${m.use(check)}(${call}, ${names(m, placed)}, issues)`;
}

function takeLines(
  m: ModuleText,
  take: "takeHeader" | "takeCookie",
  into: string,
  placed: ReadonlyMap<string, string>,
): string[] {
  if (placed.size === 0) return [];
  const lines = [...placed].map(
    ([property, name]) => `${m.use(take)}(wire, ${quote(property)}, ${into}, ${quote(name)});`,
  );
  return [`${take}s(wire, ${into}) {`, ...indent(lines), "},"];
}

/** Property -> name on the wire, of the response object or of the objects it can be. */
function placedIn(m: ModuleText, schema: Schema, place: Placed): ReadonlyMap<string, string> {
  const { shape } = m.shapes.slotOf(schema);
  const found = new Map<string, string>();
  for (const { schema: option } of shape.schema.kind === "options" ? shape.schema.options : [shape]) {
    if (option.kind !== "object") continue;
    for (const { name, placement } of option.properties) {
      if (placement?.in !== place) continue;
      found.set(name, place === "header" ? placement.name.toLowerCase() : placement.name);
    }
  }
  return found;
}
