// Answers of the S3 endpoint before they are sent.
import type { Readable } from "node:stream";
import { writeXml, type XmlNode } from "@tenon/runtime/objects";

export interface S3Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** null: none. */
  readonly body: string | Readable | null;
}

export const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

export function xmlAnswer(root: XmlNode, headers: Readonly<Record<string, string>> = {}): S3Answer {
  return { status: 200, headers: { "content-type": "application/xml", ...headers }, body: writeXml(root, namespace) };
}

export function emptyAnswer(status: number, headers: Readonly<Record<string, string>> = {}): S3Answer {
  return { status, headers, body: null };
}

export function quoted(etag: string): string {
  return `"${etag}"`;
}

/** As S3 writes times in XML. */
export function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
