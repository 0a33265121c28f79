// The name of an object as the path of a URL.
import { encodeRfc3986 } from "../cloud/sigv4/encode-rfc3986.ts";

/** With its slashes left as they are, unless programs on the way would take a part of it for "this folder" or "the one above". */
export function pathOfName(name: string): string {
  const segments = name.split("/");
  return segments.map(encodeRfc3986).join(segments.some(isDots) ? "%2F" : "/");
}

/** Such a path is resolved before it is sent, however it is written. */
export function isDots(segment: string): boolean {
  return segment === "." || segment === "..";
}
