// Reads the answer to ListObjectsV2: a flat XML whose texts are all that is needed.
import type { ListEntry } from "./object-store.ts";

export interface Listing {
  readonly entries: readonly ListEntry[];
  /** Where the next page begins. */
  readonly continuation: string | undefined;
}

export function readListing(xml: string): Listing {
  const entries = [...xml.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)].map(([, contents = ""]) => ({
    name: textOf(contents, "Key") ?? "",
    size: Number(textOf(contents, "Size") ?? 0),
    etag: (textOf(contents, "ETag") ?? "").replaceAll('"', ""),
  }));
  return { entries, continuation: textOf(xml, "NextContinuationToken") };
}

function textOf(xml: string, tag: string): string | undefined {
  const text = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(xml)?.[1];
  return text === undefined ? undefined : unescapeXml(text);
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/g, (whole, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return entities[name] ?? whole;
  });
}
