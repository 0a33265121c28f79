// What may be stored with an object, the same for every store: names, metadata, headers, checksums.
import { ObjectsError } from "./errors.ts";
import type { ObjectChecksum, ObjectHeaders } from "./object-store.ts";

const longestNameBytes = 1_024;
/** What S3 takes: names and values of all metadata together. */
const mostMetadataBytes = 2_048;
/** Header names in lower case: some stores change other letters. */
const METADATA_NAME = /^[a-z0-9][a-z0-9_.-]*$/;
const RESERVED = "tenon-";
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a header must not have
const CONTROL = /[\0-\x08\x0a-\x1f\x7f]/;
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;

/** Throws ObjectsError `objects_name_invalid`. */
export function checkName(bucket: string, name: string): string {
  if (typeof name === "string" && name !== "" && Buffer.byteLength(name) <= longestNameBytes && isText(name))
    return name;
  throw new ObjectsError("objects_name_invalid", { bucket, object: String(name).slice(0, 100) });
}

/** Neither NUL nor halves of characters, which have no bytes in UTF-8. */
function isText(name: string): boolean {
  return !name.includes("\0") && !/\p{Surrogate}/u.test(name);
}

/** Throws ObjectsError `objects_argument_invalid`. */
export function checkMetadata(
  bucket: string,
  object: string,
  metadata: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  let sizeBytes = 0;
  for (const [name, value] of Object.entries(metadata)) {
    if (!METADATA_NAME.test(name) || name.startsWith(RESERVED))
      throw invalid(
        bucket,
        object,
        `"${name}" cannot be the name of metadata: lower-case letters, digits, "_", "-" and ".", not beginning with "${RESERVED}"`,
      );
    if (typeof value !== "string" || CONTROL.test(value) || value !== value.trim())
      throw invalid(bucket, object, `the metadata "${name}" must be text without line breaks or spaces around it`);
    sizeBytes += name.length + Buffer.byteLength(value);
  }
  if (sizeBytes > mostMetadataBytes)
    throw invalid(bucket, object, `metadata of ${sizeBytes} bytes: at most ${mostMetadataBytes} are stored`);
  return metadata;
}

/** Only those that are given. Throws ObjectsError `objects_argument_invalid`. */
export function checkHeaders(bucket: string, object: string, given: ObjectHeaders): ObjectHeaders {
  const headers: Record<string, string> = {};
  for (const name of ["contentType", "cacheControl", "contentDisposition", "contentEncoding"] as const) {
    const value = given[name];
    if (value === undefined) continue;
    if (typeof value !== "string" || !HEADER_VALUE.test(value))
      throw invalid(bucket, object, `${name} must be text that fits into a header`);
    headers[name] = value;
  }
  return headers;
}

/** Throws ObjectsError `objects_argument_invalid`. */
export function checkChecksum(bucket: string, object: string, { sha256, crc32 }: ObjectChecksum): ObjectChecksum {
  if (sha256 !== undefined && !isBase64Of(sha256, 32))
    throw invalid(bucket, object, "checksum.sha256 must be the 32 bytes of a SHA-256 in base64");
  if (crc32 !== undefined && !isBase64Of(crc32, 4))
    throw invalid(bucket, object, "checksum.crc32 must be the 4 bytes of a CRC-32 in base64");
  return { ...(sha256 === undefined ? {} : { sha256 }), ...(crc32 === undefined ? {} : { crc32 }) };
}

function isBase64Of(text: string, sizeBytes: number): boolean {
  const bytes = Buffer.from(text, "base64");
  return bytes.length === sizeBytes && bytes.toString("base64") === text;
}

function invalid(bucket: string, object: string, reason: string): ObjectsError {
  return new ObjectsError("objects_argument_invalid", { bucket, object, reason });
}
