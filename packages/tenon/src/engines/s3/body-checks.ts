// What a client says of the bytes it sends: their MD5, and checksums in headers or trailers. All of it is compared before anything is stored.
import { createHash, type Hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { crc32c } from "./crc32c.ts";
import { S3Error } from "./s3-error.ts";
import { headerOf, type S3Request } from "./s3-request.ts";

interface Running {
  update(bytes: Uint8Array): void;
  /** In base64. */
  digest(): string;
}

const headerPrefix = "x-amz-checksum-";
const algorithms: Readonly<Record<string, () => Running>> = {
  crc32: () => new RunningCrc(crc32),
  crc32c: () => new RunningCrc(crc32c),
  sha1: () => hashing("sha1"),
  sha256: () => hashing("sha256"),
};
/** Names of headers that begin alike and are no checksums. */
const notChecksums = new Set(["algorithm", "type", "mode"]);

export class BodyChecks {
  /** By algorithm; the value that was given, where it is known beforehand. */
  readonly #checksums = new Map<string, { readonly running: Running; readonly given: string | undefined }>();
  readonly #md5: { readonly running: Running; readonly given: string } | undefined;

  /** Throws S3Error for an algorithm that is not known here. */
  constructor(request: Pick<S3Request, "headers">) {
    for (const [name, value] of request.headers) {
      if (name.startsWith(headerPrefix)) this.#expect(name.slice(headerPrefix.length), value);
    }
    for (const name of (headerOf(request, "x-amz-trailer") ?? "").split(",")) {
      const trailer = name.trim().toLowerCase();
      if (trailer.startsWith(headerPrefix)) this.#expect(trailer.slice(headerPrefix.length), undefined);
    }
    const md5 = headerOf(request, "content-md5");
    if (md5 === undefined) return;
    if (Buffer.from(md5, "base64").length !== 16)
      throw new S3Error("InvalidDigest", "The Content-MD5 is no MD5 in base64.");
    this.#md5 = { running: hashing("md5"), given: md5 };
  }

  update(bytes: Uint8Array): void {
    for (const { running } of this.#checksums.values()) running.update(bytes);
    this.#md5?.running.update(bytes);
  }

  /** The checksums by algorithm, for keeping. Throws S3Error when one of them is not what was said. */
  finish(trailers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const [algorithm, { running, given = trailers[headerPrefix + algorithm] }] of this.#checksums) {
      if (given === undefined)
        throw new S3Error(
          "MalformedTrailerError",
          `The trailer ${headerPrefix}${algorithm} was announced and did not come.`,
        );
      found[algorithm] = running.digest();
      if (found[algorithm] !== given)
        throw new S3Error(
          "BadDigest",
          `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
        );
    }
    if (this.#md5 !== undefined && this.#md5.running.digest() !== this.#md5.given)
      throw new S3Error("BadDigest", "The Content-MD5 you specified did not match what we received.");
    return found;
  }

  #expect(algorithm: string, given: string | undefined): void {
    if (notChecksums.has(algorithm)) return;
    const create = Object.hasOwn(algorithms, algorithm) ? algorithms[algorithm] : undefined;
    if (create === undefined)
      throw new S3Error(
        "NotImplemented",
        `Checksums by ${algorithm} are not known here: use crc32, crc32c, sha1 or sha256.`,
      );
    this.#checksums.set(algorithm, { running: create(), given });
  }
}

class RunningCrc implements Running {
  readonly #step: (bytes: Uint8Array, value: number) => number;
  #value = 0;

  constructor(step: (bytes: Uint8Array, value: number) => number) {
    this.#step = step;
  }

  update(bytes: Uint8Array): void {
    this.#value = this.#step(bytes, this.#value);
  }

  digest(): string {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(this.#value);
    return bytes.toString("base64");
  }
}

function hashing(algorithm: "md5" | "sha1" | "sha256"): Running {
  const hash: Hash = createHash(algorithm);
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest("base64") };
}
