// Metadata and checksum of an object as one record of texts, which every store can keep: stores differ in the checksums they keep, and none
// keeps a SHA-256 of what came in parts.
import type { ObjectAttrs, ObjectChecksum } from "./object-store.ts";

/** Metadata of users never begins like these. */
const checksumNames = { sha256: "tenon-sha256", crc32: "tenon-crc32" } as const;

export function toRecord(
  metadata: Readonly<Record<string, string>>,
  checksum: ObjectChecksum,
): Readonly<Record<string, string>> {
  const result: Record<string, string> = { ...metadata };
  for (const [name, key] of Object.entries(checksumNames)) {
    const value = checksum[name as keyof ObjectChecksum];
    if (value !== undefined) result[key] = value;
  }
  return result;
}

/** Without what is empty. */
export function fromRecord(record: Readonly<Record<string, string>>): Pick<ObjectAttrs, "metadata" | "checksum"> {
  const metadata: Record<string, string> = {};
  const checksum: Record<string, string> = {};
  for (const [key, value] of Object.entries(record)) {
    const algorithm = Object.entries(checksumNames).find(([, own]) => own === key)?.[0];
    if (algorithm === undefined) metadata[key] = value;
    else checksum[algorithm] = value;
  }
  return {
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    ...(Object.keys(checksum).length === 0 ? {} : { checksum }),
  };
}
