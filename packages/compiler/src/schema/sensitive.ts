// Whether a property is declared `Sensitive<...>`: its type carries an optional property more, whose key is a unique symbol named
// `sensitive`.
import type { TypeId, TypeRecord } from "../source/type-source.ts";

export function isSensitive(types: ReadonlyMap<TypeId, TypeRecord>, id: TypeId): boolean {
  const record = types.get(id);
  // An optional property, and a boolean, which is two literals.
  if (record?.kind === "union") return record.types.some((option) => isSensitive(types, option));
  if (record?.kind !== "intersection") return false;
  return record.types.some((part) => {
    const object = types.get(part);
    return object?.kind === "object" && object.members.properties.some(({ name }) => /^__@_*sensitive/i.test(name));
  });
}
