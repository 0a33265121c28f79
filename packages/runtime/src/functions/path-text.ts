// Paths as they stand in a request line, from what platforms make of them.

const NOT_IN_PATHS = /[^!$&'()*+,\-./0-9:;=@A-Z_a-z~%]+|%(?![0-9a-f]{2})/giu;

/** Some front doors decode a path before they pass it on: what may not stand in one is encoded again. What was an encoded "/" stays a "/". */
export function encodedPath(path: string): string {
  const encoded = path.replaceAll(NOT_IN_PATHS, (text) => encodeURIComponent(text));
  return encoded === "" ? "/" : encoded;
}

/** "/prod/orders" -> "/orders", for the prefix "/prod"; a path outside of the prefix stays. */
export function withoutPrefix(path: string, prefix: string): string {
  if (prefix === "" || prefix === "/" || !path.startsWith(prefix)) return path;
  const rest = path.slice(prefix.length);
  if (rest === "") return "/";
  return rest.startsWith("/") ? rest : path;
}
