// The tar archive of a layer: entries in the order of their paths, parents before what is in them, nothing of the machine that wrote it.
import { BLOCK_BYTES, padding, tarHeader } from "./tar-header.ts";

/** `path`: relative to the root of the image, forward slashes. */
export type TarEntry =
  | { readonly kind: "file"; readonly path: string; readonly bytes: Uint8Array; readonly isExecutable: boolean }
  /** `mode`: 0755 when absent. */
  | { readonly kind: "directory"; readonly path: string; readonly mode?: number }
  | { readonly kind: "link"; readonly path: string; readonly target: string };

export function tarOf(entries: readonly TarEntry[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const entry of withParents(entries)) {
    const bytes = entry.kind === "file" ? entry.bytes : new Uint8Array();
    parts.push(
      tarHeader({
        kind: entry.kind,
        path: entry.path,
        mode: modeOf(entry),
        sizeBytes: bytes.length,
        target: entry.kind === "link" ? entry.target : "",
      }),
      bytes,
      padding(bytes.length),
    );
  }
  parts.push(new Uint8Array(2 * BLOCK_BYTES));
  return Buffer.concat(parts);
}

function modeOf(entry: TarEntry): number {
  if (entry.kind === "directory") return entry.mode ?? 0o755;
  if (entry.kind === "link") return 0o777;
  return entry.isExecutable ? 0o755 : 0o644;
}

/** Sorted by the bytes of the path; a parent is a prefix of what is in it, so it comes first. */
function withParents(entries: readonly TarEntry[]): TarEntry[] {
  const all = new Map(entries.map((entry) => [entry.path, entry]));
  for (const { path } of entries) {
    for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
      const parent = path.slice(0, slash);
      if (all.has(parent)) break;
      all.set(parent, { kind: "directory", path: parent });
    }
  }
  return [...all.values()].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}
