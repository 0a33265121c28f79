// Reads the answer to List Blobs (https://learn.microsoft.com/rest/api/storageservices/list-blobs).
import { unquoted } from "../http/etag.ts";
import { compareNames, placeOf } from "../object-order.ts";
import type { CommonPrefix, ListEntry } from "../object-store.ts";
import { childOf, childrenOf, readXml, textOf, type XmlElement } from "../xml/read-xml.ts";

export interface AzureListing {
  /** In order of name. */
  readonly entries: readonly (ListEntry | CommonPrefix)[];
  /** Where the next page begins. */
  readonly marker: string | undefined;
}

/** What XML cannot hold comes percent-encoded, and marked so. */
const ENCODED_NAME = /<Name Encoded="true">([^<]*)<\/Name>/g;

/** Throws XmlError. */
export function readListing(xml: string): AzureListing {
  const root = readXml(xml.replace(ENCODED_NAME, "<EncodedName>$1</EncodedName>"));
  const blobs = childOf(root, "Blobs");
  const objects = blobs === undefined ? [] : childrenOf(blobs, "Blob").map(entryOf);
  const prefixes = blobs === undefined ? [] : childrenOf(blobs, "BlobPrefix").map((one) => ({ prefix: nameOf(one) }));
  const entries = [...objects, ...prefixes].sort((a, b) => compareNames(placeOf(a), placeOf(b)));
  const marker = textOf(root, "NextMarker");
  return { entries, marker: marker === "" ? undefined : marker };
}

function entryOf(blob: XmlElement): ListEntry {
  const properties = childOf(blob, "Properties");
  const property = (name: string) => (properties === undefined ? undefined : textOf(properties, name));
  return { name: nameOf(blob), size: Number(property("Content-Length") ?? 0), etag: unquoted(property("Etag") ?? "") };
}

function nameOf(element: XmlElement): string {
  const encoded = textOf(element, "EncodedName");
  return encoded === undefined ? (textOf(element, "Name") ?? "") : decodeURIComponent(encoded);
}
