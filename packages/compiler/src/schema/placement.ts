// Reads the `Header<...>`, `Query<...>`, `Cookie<...>` and `HttpStatus` wrappers off a property's type: they are values with one optional
// property more, whose key is a unique symbol named after the place and whose type is the name on the wire.
import type { Property } from "@tenon/model";
import type { PropertyRecord, TypeId, TypeRecord } from "../source/type-source.ts";

type Types = ReadonlyMap<TypeId, TypeRecord>;
type Placement = NonNullable<Property["placement"]>;

export function placementOf(types: Types, property: PropertyRecord): Placement | null {
  const found = flavourOf(types, property.type);
  if (found === null) return null;
  return { in: found.in, name: found.in === "status" ? "" : (found.name ?? property.name) };
}

const mark = /^__@_*(?:(header|query|cookie)Name|tenon(Status))(?:@|$)/i;

export function isPlacementMark({ name }: PropertyRecord): boolean {
  return mark.test(name);
}

function flavourOf(types: Types, id: TypeId): { in: Placement["in"]; name: string | null } | null {
  const record = types.get(id);
  if (record?.kind === "union") {
    // `boolean & flavour` is `(true & flavour) | (false & flavour)`.
    for (const option of record.types) {
      const found = flavourOf(types, option);
      if (found !== null) return found;
    }
    return null;
  }
  if (record?.kind !== "intersection") return null;
  for (const part of record.types) {
    const object = types.get(part);
    if (object?.kind !== "object") continue;
    for (const { name, type } of object.members.properties) {
      const match = mark.exec(name);
      if (match === null) continue;
      const place = (match[1] ?? match[2]!).toLowerCase() as Placement["in"];
      return { in: place, name: literalIn(types, type) };
    }
  }
  return null;
}

/** The non-empty string literal in a type, `undefined` beside it or not. */
function literalIn(types: Types, id: TypeId): string | null {
  const record = types.get(id);
  if (record?.kind === "literal") return typeof record.value === "string" && record.value !== "" ? record.value : null;
  if (record?.kind !== "union") return null;
  const names = record.types.map((option) => literalIn(types, option)).filter((name) => name !== null);
  return names.length === 1 ? names[0]! : null;
}
