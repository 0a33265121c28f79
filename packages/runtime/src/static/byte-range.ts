// One range of bytes of a file (RFC 9110, 14). Several at once are answered with the whole file, as the standard lets a server do.

/** First and last byte, both included; "unsatisfiable": 416; null: the whole file. */
export type ByteRange = { readonly start: number; readonly end: number } | "unsatisfiable" | null;

const ONE_RANGE = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i;

export function readRange(range: string | undefined, sizeBytes: number): ByteRange {
  const match = range === undefined ? null : ONE_RANGE.exec(range);
  if (match === null) return null;
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return null;
  if (first === "") {
    const length = Number(last);
    if (length === 0 || sizeBytes === 0) return "unsatisfiable";
    return { start: Math.max(0, sizeBytes - length), end: sizeBytes - 1 };
  }
  const start = Number(first);
  const end = last === "" ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (last !== "" && Number(last) < start) return null;
  return start >= sizeBytes ? "unsatisfiable" : { start, end };
}
