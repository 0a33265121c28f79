// A value in memory as JSON would carry it, without knowing its type: what code gives as defaults meets what files say in this form.

/** Objects are copied, other things JSON has no form for get the one they have on the wire. */
export function wireValue(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? String(value) : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof URL) return value.href;
  if (Array.isArray(value)) return value.map(wireValue);
  if (value instanceof Set) return [...value].map(wireValue);
  if (value instanceof Map) return mapValue(value);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === "function") return toJSON.call(value, "");
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, wireValue(field)]));
}

function mapValue(map: ReadonlyMap<unknown, unknown>): unknown {
  const entries = [...map].map(([key, value]) => [wireValue(key), wireValue(value)] as const);
  return entries.every(([key]) => typeof key === "string") ? Object.fromEntries(entries) : entries;
}
