// Values that JSON does not have: dates, big integers, bytes, URLs, sets and maps travel as text, arrays and objects.

/** What in a value is not plain JSON; null: nothing. */
export type Shape =
  | null
  | "date"
  | "bigint"
  | "bytes"
  | "url"
  /** A definition of `shapes`. */
  | { readonly ref: string }
  | { readonly list: Shape }
  | { readonly set: Shape }
  | { readonly tuple: readonly Shape[]; readonly rest?: Shape; readonly suffix?: readonly Shape[] }
  /** Properties that need something; `others` is for all that are not named. */
  | { readonly fields: Readonly<Record<string, Shape>>; readonly others?: Shape }
  /** A Map whose keys are strings is an object, any other an array of pairs. */
  | { readonly map: Shape }
  | { readonly pairs: readonly [Shape, Shape] }
  | Choice;

/** Values of several kinds. */
export interface Choice {
  /** Tried on a string, in order; `words` stay as they are. */
  readonly strings?: readonly Shape[];
  readonly words?: readonly string[];
  /** For an array, in order. */
  readonly lists?: readonly Shape[];
  /** For an object: the first whose properties are there, with these values where one is given. */
  readonly objects?: readonly { readonly has: Readonly<Record<string, unknown>>; readonly shape: Shape }[];
}

/** By name. */
export type Shapes = Readonly<Record<string, Shape>>;

/** In `has`: the property must be there, whatever its value. */
export const anything = "*";

const wholeDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;
const wholeNumber = /^(0|-?[1-9]\d*)$/;

/** From JSON as it came to the value it stands for. */
export function fromWire(wire: unknown, shape: Shape, shapes: Shapes): unknown {
  if (shape === null || wire === null || wire === undefined) return wire;
  if (typeof shape === "string") return fromText(wire, shape);
  if ("ref" in shape) return fromWire(wire, shapes[shape.ref] ?? null, shapes);
  const inner = (value: unknown, of: Shape) => fromWire(value, of, shapes);
  if ("list" in shape) return asArray(wire).map((item) => inner(item, shape.list));
  if ("set" in shape) return new Set(asArray(wire).map((item) => inner(item, shape.set)));
  if ("tuple" in shape) return asArray(wire).map((item, at, all) => inner(item, tupleItem(shape, at, all.length)));
  if ("fields" in shape) return mapProperties(wire, (value, name) => inner(value, propertyShape(shape, name)));
  if ("map" in shape) return new Map(Object.entries(wire).map(([key, value]) => [key, inner(value, shape.map)]));
  if ("pairs" in shape) {
    return new Map(asArray(wire).map((pair) => [inner(pair[0], shape.pairs[0]), inner(pair[1], shape.pairs[1])]));
  }
  return fromChoice(wire, shape, shapes);
}

/** From a value to what JSON.stringify writes rightly. */
export function toWire(value: unknown, shape: Shape, shapes: Shapes): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof URL) return value.href;
  if (value instanceof Uint8Array) return bytesToBase64(value);
  if (shape !== null && typeof shape === "object" && "ref" in shape)
    return toWire(value, shapes[shape.ref] ?? null, shapes);
  if (value instanceof Map) return mapToWire(value, shape, shapes);
  if (value instanceof Set) return [...value].map((item) => toWire(item, partOf(shape, "set"), shapes));
  if (Array.isArray(value)) return value.map((item, at) => toWire(item, itemOf(shape, at, value.length), shapes));
  const parts = objectShape(value, shape, shapes);
  return mapProperties(value, (item, name) => toWire(item, propertyShape(parts, name), shapes));
}

function fromText(wire: unknown, kind: "date" | "bigint" | "bytes" | "url"): unknown {
  if (kind === "bigint") return typeof wire === "number" || typeof wire === "string" ? BigInt(wire) : wire;
  if (typeof wire !== "string") return wire;
  if (kind === "date") return new Date(wire);
  return kind === "url" ? new URL(wire) : base64ToBytes(wire);
}

function fromChoice(wire: unknown, choice: Choice, shapes: Shapes): unknown {
  if (typeof wire === "string") {
    const found = choice.words?.includes(wire) === true ? undefined : choice.strings?.find((one) => says(wire, one));
    return fromWire(wire, found ?? null, shapes);
  }
  if (Array.isArray(wire)) return fromWire(wire, choice.lists?.[0] ?? null, shapes);
  if (typeof wire !== "object") return wire;
  return fromWire(wire, objectShape(wire as object, choice, shapes), shapes);
}

/** Whether a text says a value of the kind. */
function says(text: string, kind: Shape): boolean {
  if (kind === "date") return wholeDate.test(text) && !Number.isNaN(Date.parse(text));
  if (kind === "bigint") return wholeNumber.test(text);
  return kind !== "url" || URL.canParse(text);
}

/** Of a choice the option that a value is of. */
function objectShape(value: object, shape: Shape, shapes: Shapes): Shape {
  if (shape === null || typeof shape === "string") return null;
  if ("ref" in shape) return objectShape(value, shapes[shape.ref] ?? null, shapes);
  if (!("objects" in shape) || shape.objects === undefined) return shape;
  const own = value as Record<string, unknown>;
  const fits = (has: Readonly<Record<string, unknown>>) =>
    Object.entries(has).every(([name, wanted]) => {
      if (!Object.hasOwn(own, name)) return false;
      return Array.isArray(wanted) ? wanted.includes(own[name]) : wanted === anything || wanted === own[name];
    });
  const found = shape.objects.find(({ has }) => fits(has))?.shape ?? null;
  return found === null ? null : objectShape(value, found, shapes);
}

function propertyShape(shape: Shape, name: string): Shape {
  if (shape === null || typeof shape === "string" || !("fields" in shape)) return null;
  return Object.hasOwn(shape.fields, name) ? (shape.fields[name] ?? null) : (shape.others ?? null);
}

function tupleItem(shape: Extract<Shape, { tuple: unknown }>, at: number, length: number): Shape {
  if (at < shape.tuple.length) return shape.tuple[at] ?? null;
  const fromEnd = length - at;
  const suffix = shape.suffix ?? [];
  return fromEnd <= suffix.length ? (suffix[suffix.length - fromEnd] ?? null) : (shape.rest ?? null);
}

function itemOf(shape: Shape, at: number, length: number): Shape {
  if (shape === null || typeof shape === "string") return null;
  if ("lists" in shape) return itemOf(shape.lists?.[0] ?? null, at, length);
  if ("tuple" in shape) return tupleItem(shape, at, length);
  return "list" in shape ? shape.list : null;
}

/** The items' shape of a set; of a choice, that of its first set. */
function partOf(shape: Shape, kind: "set"): Shape {
  if (shape === null || typeof shape === "string") return null;
  if ("lists" in shape)
    return partOf(shape.lists?.find((one) => one !== null && typeof one === "object" && kind in one) ?? null, kind);
  return kind in shape ? (shape as { readonly set: Shape }).set : null;
}

function mapToWire(map: Map<unknown, unknown>, shape: Shape, shapes: Shapes): unknown {
  const found = mapShape(shape);
  if (found === null || "map" in found) {
    const values = found?.map ?? null;
    return Object.fromEntries([...map].map(([key, value]) => [String(key), toWire(value, values, shapes)]));
  }
  const [keys, values] = found.pairs;
  return [...map].map(([key, value]) => [toWire(key, keys, shapes), toWire(value, values, shapes)]);
}

function mapShape(shape: Shape): Extract<Shape, { map: Shape } | { pairs: unknown }> | null {
  if (shape === null || typeof shape === "string") return null;
  if ("map" in shape || "pairs" in shape) return shape;
  if (!("lists" in shape || "objects" in shape)) return null;
  for (const option of [...(shape.objects ?? []).map((one) => one.shape), ...(shape.lists ?? [])]) {
    const found = mapShape(option);
    if (found !== null) return found;
  }
  return null;
}

function asArray(wire: unknown): unknown[][] {
  return Array.isArray(wire) ? wire : [];
}

/** Own names only; one called "__proto__" is like any other. */
function mapProperties(value: unknown, change: (value: unknown, name: string) => unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, change(item, name)]));
}

function bytesToBase64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function base64ToBytes(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
