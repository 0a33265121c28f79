// What an upload says of its object, and the headers that stores of HTTP have for it.
import type { ObjectChecksum, ObjectHeaders } from "../object-store.ts";

export interface DescribedObject {
  readonly headers: ObjectHeaders;
  readonly metadata: Readonly<Record<string, string>>;
  readonly checksum: ObjectChecksum;
}

export const headerNames = {
  contentType: "content-type",
  cacheControl: "cache-control",
  contentDisposition: "content-disposition",
  contentEncoding: "content-encoding",
} as const;
