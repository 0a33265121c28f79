// Checksums of content that streams by: what was announced is compared with what came, before anybody can see it.
import { createHash, type Hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { ChecksumMismatch, ObjectsError } from "./errors.ts";
import type { ObjectChecksum } from "./object-store.ts";

export class RunningChecksum {
  readonly #expected: ObjectChecksum;
  readonly #sha256: Hash | undefined;
  #crc32 = 0;

  constructor(expected: ObjectChecksum) {
    this.#expected = expected;
    this.#sha256 = expected.sha256 === undefined ? undefined : createHash("sha256");
  }

  update(chunk: Uint8Array): void {
    this.#sha256?.update(chunk);
    if (this.#expected.crc32 !== undefined) this.#crc32 = crc32(chunk, this.#crc32);
  }

  /** What differs, in words; undefined: nothing. */
  difference(): string | undefined {
    const { sha256, crc32: expectedCrc } = this.#expected;
    const actual = this.#sha256?.digest("base64");
    if (sha256 !== undefined && actual !== sha256) return `sha256 is ${actual}, not ${sha256}`;
    const actualCrc = crc32Text(this.#crc32);
    if (expectedCrc !== undefined && actualCrc !== expectedCrc) return `crc32 is ${actualCrc}, not ${expectedCrc}`;
    return undefined;
  }
}

/** Passes `source` on and throws ChecksumMismatch at its end when it was something else. */
export async function* checkedUpload(
  source: AsyncIterable<Uint8Array>,
  expected: ObjectChecksum,
  bucket: string,
  object: string,
): AsyncGenerator<Uint8Array> {
  const running = new RunningChecksum(expected);
  for await (const chunk of source) {
    running.update(chunk);
    yield chunk;
  }
  const difference = running.difference();
  if (difference !== undefined) throw new ChecksumMismatch(bucket, object, difference);
}

/** Passes what a store gives on and throws `objects_damaged` at its end when that is not what was uploaded. */
export async function* checkedDownload(
  source: AsyncIterable<Uint8Array>,
  expected: ObjectChecksum,
  bucket: string,
  object: string,
): AsyncGenerator<Uint8Array> {
  const running = new RunningChecksum(expected);
  for await (const chunk of source) {
    running.update(chunk);
    yield chunk;
  }
  const reason = running.difference();
  if (reason !== undefined) throw new ObjectsError("objects_damaged", { bucket, object, reason });
}

export function hasChecksum({ sha256, crc32: crc }: ObjectChecksum): boolean {
  return sha256 !== undefined || crc !== undefined;
}

function crc32Text(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes.toString("base64");
}
