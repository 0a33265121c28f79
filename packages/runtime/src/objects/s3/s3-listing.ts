// Reads the answer to ListObjectsV2.
import { unquoted } from "../http/etag.ts";
import { compareNames, placeOf } from "../object-order.ts";
import type { CommonPrefix, ListEntry } from "../object-store.ts";
import { childrenOf, readXml, textOf } from "../xml/read-xml.ts";

export interface Listing {
  /** In order of name. */
  readonly entries: readonly (ListEntry | CommonPrefix)[];
  /** Where the next page begins. */
  readonly continuation: string | undefined;
}

/** Throws XmlError. */
export function readListing(xml: string): Listing {
  const root = readXml(xml);
  // Asked for because not every name can stand in XML; not every store does it.
  const nameOf = textOf(root, "EncodingType") === "url" ? decodeUrl : (name: string) => name;
  const objects = childrenOf(root, "Contents").map((contents) => ({
    name: nameOf(textOf(contents, "Key") ?? ""),
    size: Number(textOf(contents, "Size") ?? 0),
    etag: unquoted(textOf(contents, "ETag") ?? ""),
  }));
  const prefixes = childrenOf(root, "CommonPrefixes").map((one) => ({ prefix: nameOf(textOf(one, "Prefix") ?? "") }));
  const entries = [...objects, ...prefixes].sort((a, b) => compareNames(placeOf(a), placeOf(b)));
  return { entries, continuation: textOf(root, "NextContinuationToken") };
}

function decodeUrl(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}
