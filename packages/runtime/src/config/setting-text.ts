// Reads a setting from the text of an environment variable as its type wants it. A text that does not fit is left as it is: checking the
// whole then says what is wrong.
import { resolveSchema, type Schema, type Schemas } from "@tenon/model";

/** The value as JSON has it. */
export function settingFromText(text: string, schema: Schema, schemas: Schemas): unknown {
  const resolved = resolveSchema(schema, schemas);
  switch (resolved.kind) {
    case "number":
      return numberIn(text);
    case "boolean":
      return booleanIn(text);
    case "literal":
      return String(resolved.value) === text ? resolved.value : text;
    case "enum":
      return resolved.values.find((value) => String(value) === text) ?? text;
    case "null":
      return text === "null" ? null : text;
    case "array":
    case "set":
      return text.trim().startsWith("[") ? jsonIn(text) : listIn(text, resolved.items, schemas);
    case "object":
    case "map":
    case "tuple":
    case "any":
      return jsonIn(text);
    case "union":
      return optionIn(text, resolved.options, schemas);
    default:
      return text;
  }
}

function numberIn(text: string): unknown {
  const value = Number(text);
  return text.trim() === "" || Number.isNaN(value) ? text : value;
}

function booleanIn(text: string): unknown {
  if (text === "true" || text === "1") return true;
  return text === "false" || text === "0" ? false : text;
}

/** "a, b, c"; nothing at all is the empty list. */
function listIn(text: string, items: Schema, schemas: Schemas): unknown[] {
  if (text.trim() === "") return [];
  return text.split(",").map((item) => settingFromText(item.trim(), items, schemas));
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The first that makes something else of the text than text. */
function optionIn(text: string, options: readonly Schema[], schemas: Schemas): unknown {
  for (const option of options) {
    const value = settingFromText(text, option, schemas);
    if (value !== text) return value;
  }
  return text;
}
