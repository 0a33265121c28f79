// Reading one field of a public request from its text or texts in path, query, header or cookie: where they are, and by which of the
// runtime's functions they become a value.
import type { RequestField, Schema } from "@tenon/model";
import type { ModuleText } from "./module-text.ts";
import { pathSegment, quote } from "./quote.ts";
import { rootFunction } from "./root-code.ts";
import type { Slot } from "./shapes.ts";
import { itemShape, textField, textFormOf } from "./text-code.ts";

export interface Reading {
  readonly hint: string;
  readonly mode: "decode" | "strict";
  /** Of a path parameter among those of the pattern. */
  readonly position: number;
  readonly variable: string;
  /** Names for more variables. */
  readonly locals: (name: string) => string;
}

const subjects = {
  path: "path parameter",
  query: "query parameter",
  header: "header",
  cookie: "cookie",
  body: "body field",
} as const;

export interface ReadCode {
  /** Statements that come first. */
  readonly lines: readonly string[];
  /** Expression for the value. */
  readonly code: string;
}

export function readCode(m: ModuleText, schema: Schema, slot: Slot, field: RequestField, reading: Reading): ReadCode {
  const { shape, nullable, undefinable } = slot;
  const { hint, position } = reading;
  // Headers and cookies carry credentials: messages must not repeat them.
  const place = {
    path: pathSegment(field.name),
    subject: `${subjects[field.in]} ${JSON.stringify(field.wireName)}`,
    quoted: field.in !== "header" && field.in !== "cookie",
  };
  const form = textFormOf(m, slot);
  const isList = form !== "one" && form !== "json";
  const source = textsCode(m, field, position, isList);
  const one = (of: typeof shape, suffix = "") => textField(m, hint + suffix, of, nullable, place);
  const reader = undefinable ? "readOptional" : "readRequired";
  if (form === "one") return { lines: [], code: `${m.use(reader)}(${one(shape)}, ${source}, issues)` };
  if (form === "json") {
    const decode = rootFunction(m, schema, reading.mode, hint);
    const text = textField(m, hint, shape, nullable, place, true);
    return { lines: [], code: `${m.use("readJson")}(${text}, ${m.use(reader)}, ${decode}, ${source}, issues)` };
  }
  const texts = reading.locals(`${reading.variable}Texts`);
  const code = listCode(m, form, shape, one, texts);
  return {
    lines: [`const ${texts} = ${source};`],
    code: undefinable ? `${texts} === undefined ? undefined : ${code}` : code,
  };
}

function listCode(
  m: ModuleText,
  form: "list" | "set" | "one-or-list",
  shape: Slot["shape"],
  one: (of: Slot["shape"], suffix?: string) => string,
  texts: string,
): string {
  if (form !== "one-or-list") {
    return `${m.use(form === "list" ? "readList" : "readSet")}(${one(itemShape(m, shape))}, ${texts}, issues)`;
  }
  const options = shape.schema.kind === "options" ? shape.schema.options : [];
  const scalars = options.filter((option) => option.schema.kind !== "array");
  const list = options.find((option) => option.schema.kind === "array")!;
  const single = one({ schema: { kind: "options", options: scalars }, name: null });
  return `${m.use("readOneOrList")}(${single}, ${one(itemShape(m, list), "Item")}, ${texts}, issues)`;
}

/** An expression for the text of a field, or for its texts where it is a list. */
function textsCode(m: ModuleText, field: RequestField, position: number, list: boolean): string {
  const name = quote(field.wireName);
  if (list && (field.in === "path" || field.in === "cookie")) throw new Error(`a ${subjects[field.in]} is one text`);
  switch (field.in) {
    case "path":
      return `raw.params[${position}]`;
    case "query":
      return `${m.use(list ? "queryTexts" : "queryText")}(query, ${name})`;
    case "cookie":
      return `cookies.get(${name})`;
    default:
      return list ? `${m.use("headerListTexts")}(raw.header(${name}))` : `raw.header(${name})`;
  }
}
