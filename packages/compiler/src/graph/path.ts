// Path patterns as written -> segments, or the reason why not.
import type { Path, PathSegment } from "@tenon/model";

export type ParsedPath = { readonly path: Path } | { readonly reason: string };

export function parsePath(pattern: string): ParsedPath {
  if (!pattern.startsWith("/")) return { reason: 'it must start with "/"' };
  if (/[?#]/.test(pattern))
    return { reason: 'it must not contain "?" or "#"; query fields come from the request type' };
  if (/\s/.test(pattern)) return { reason: "it must not contain spaces" };
  const parts = pattern === "/" ? [] : pattern.slice(1).split("/");
  const segments: PathSegment[] = [];
  const names = new Set<string>();
  for (const [i, part] of parts.entries()) {
    if (part === "") return { reason: i === parts.length - 1 ? 'it must not end with "/"' : "a segment is empty" };
    const segment = parseSegment(part);
    if (typeof segment === "string") return { reason: segment };
    if (segment.kind !== "literal") {
      if (names.has(segment.name)) return { reason: `"${segment.name}" stands in it twice` };
      names.add(segment.name);
    }
    if ((segment.kind === "wildcard" || segment.kind === "fallback") && i !== parts.length - 1) {
      return { reason: `"${part}" takes the rest of the path, so it must come last` };
    }
    segments.push(segment);
  }
  return { path: { pattern, segments } };
}

const kinds = { ":": "param", "*": "wildcard", "!": "fallback" } as const;

function parseSegment(part: string): PathSegment | string {
  const marker = part[0] as string;
  if (marker === ":" || marker === "*" || marker === "!") {
    const name = part.slice(1);
    if (name === "") return `"${part}" needs a name: "${marker}name"`;
    if (!/^[A-Za-z_]\w*$/.test(name)) return `"${name}" is no name for a parameter; a parameter is a whole segment`;
    return { kind: kinds[marker], name };
  }
  if (/[:*!]/.test(part)) return `"${part}": a parameter must be a whole segment`;
  return { kind: "literal", value: part };
}

/** Equal for paths that no request could tell apart. */
export function pathShape(path: Path): string {
  return `/${path.segments
    .map((segment) => (segment.kind === "literal" ? `=${segment.value}` : segment.kind))
    .join("/")}`;
}

export function parameterNames(path: Path): string[] {
  return path.segments.flatMap((segment) => (segment.kind === "literal" ? [] : [segment.name]));
}
