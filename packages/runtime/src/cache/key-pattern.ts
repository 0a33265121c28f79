// Key patterns: "sessions/:userId" and what is given as a key become the text that the server knows.

/** Keys that begin so belong to the framework. */
const reservedPrefixes = ["__encore", "__tenon"];

export type KeyMapper = (key: unknown) => string;

/** Throws TypeError for what is no pattern; the mapper throws it for a key that lacks a field. */
export function createKeyMapper(pattern: string): KeyMapper {
  if (typeof pattern !== "string" || pattern === "") throw new TypeError("keyPattern must be a text that is not empty");
  const segments = pattern.split("/");
  if (segments.includes(":")) throw new TypeError(`the key pattern "${pattern}" has a ":" without the name of a field`);
  return (key) => {
    const mapped = segments.map((segment) => (segment[0] === ":" ? part(key, segment.slice(1)) : segment)).join("/");
    const reserved = reservedPrefixes.find((prefix) => mapped.startsWith(prefix));
    if (reserved !== undefined) throw new TypeError(`keys that begin with "${reserved}" are reserved`);
    return mapped;
  };
}

/** No value may look like two, so slashes are escaped, and what escapes them; a key that is no object stands for every field. */
function part(key: unknown, field: string): string {
  const value = typeof key === "object" && key !== null ? (key as Record<string, unknown>)[field] : key;
  if (value === undefined || value === null) throw new TypeError(`the key has no "${field}"`);
  return String(value).replaceAll(/[\\/]/g, "\\$&");
}
