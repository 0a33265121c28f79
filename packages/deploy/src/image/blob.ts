// What images are made of: content that is named by its hash, and may lie in memory, in a file, or still in a registry.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

/** `content` of the OCI image specification: how one piece refers to another. */
export interface Descriptor {
  readonly mediaType: string;
  /** "sha256:<hex>". */
  readonly digest: string;
  readonly size: number;
}

export interface Blob {
  readonly descriptor: Descriptor;
  /** Where it lies already; a registry can hand it to a neighbour without a transfer. */
  readonly origin?: { readonly registry: string; readonly repository: string };
  /** From a registry only when it is asked for. */
  load(): Promise<BlobContent>;
}

export type BlobContent = { readonly bytes: Uint8Array } | { readonly file: string };

export function blobOf(mediaType: string, bytes: Uint8Array): Blob {
  return { descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length }, load: async () => ({ bytes }) };
}

/** As it is stored: keys in the order given, no spaces. */
export function jsonBlob(mediaType: string, value: object): Blob {
  return blobOf(mediaType, Buffer.from(JSON.stringify(value)));
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

export async function bytesOf(content: BlobContent): Promise<Uint8Array> {
  return "bytes" in content ? content.bytes : readFile(content.file);
}

/** "sha256:ab12" -> "sha256/ab12", its place below `blobs/`. */
export function blobPath({ digest }: Descriptor): string {
  return digest.replace(":", "/");
}
