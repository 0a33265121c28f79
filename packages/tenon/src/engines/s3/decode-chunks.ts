// Bodies in the encoding `aws-chunked`: chunks with their size, each signed or none, and with trailers or without.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and sigv4-streaming-trailers.html
//
//   10000;chunk-signature=<64 hex>\r\n<bytes>\r\n ... 0;chunk-signature=<64 hex>\r\n[x-amz-checksum-crc32:...\r\n ...]\r\n
import { createHash, timingSafeEqual } from "node:crypto";
import { ALGORITHM, hmac, type Scope, scopeText, sha256Hex } from "@tenon/runtime/objects";
import { ByteReader } from "./byte-reader.ts";
import { S3Error } from "./s3-error.ts";

export interface ChunkSigning {
  readonly key: Buffer;
  readonly scope: Scope;
  /** Of the request; each chunk's signature covers the one before. */
  readonly signature: string;
}

export interface DecodedChunks {
  readonly bytes: AsyncGenerator<Buffer>;
  /** Once all bytes have been read; lower-case names. */
  trailers(): Readonly<Record<string, string>>;
}

const CHUNK_HEAD = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/;
const TRAILER = /^([a-zA-Z0-9-]+):[ \t]*(.*?)[ \t]*$/;
const headLimitBytes = 1_024;
const trailerLimitBytes = 16 * 1_024;
const emptyHash = sha256Hex("");
const signatureTrailer = "x-amz-trailer-signature";

/** `signing`: undefined where chunks are not signed. What the bytes throw is an S3Error, at the latest behind the last of them. */
export function decodeChunks(
  source: AsyncIterable<Uint8Array>,
  signing: ChunkSigning | undefined,
  hasTrailer: boolean,
): DecodedChunks {
  let trailers: Readonly<Record<string, string>> = {};
  const reader = new ByteReader(source);
  const chain = signing === undefined ? undefined : new SignatureChain(signing);
  async function* bytes(): AsyncGenerator<Buffer> {
    try {
      for (;;) {
        const [, size = "", signature] = CHUNK_HEAD.exec(await reader.line(headLimitBytes)) ?? [];
        const sizeBytes = Number.parseInt(size, 16);
        if (size === "" || (chain === undefined) !== (signature === undefined))
          throw new S3Error("InvalidRequest", "The head of a chunk is not what the encoding says.");
        const hash = chain === undefined ? undefined : createHash("sha256");
        for await (const part of reader.bytes(sizeBytes)) {
          hash?.update(part);
          yield part;
        }
        if (chain !== undefined) chain.checkChunk(hash!.digest("hex"), signature!);
        if (sizeBytes === 0) break;
        if ((await reader.line(0)) !== "") throw new S3Error("InvalidRequest", "A chunk is longer than it says.");
      }
      trailers = readTrailers(await reader.remainder(trailerLimitBytes), chain, hasTrailer);
    } finally {
      await reader.close();
    }
  }
  return { bytes: bytes(), trailers: () => trailers };
}

class SignatureChain {
  readonly #signing: ChunkSigning;
  #previous: string;

  constructor(signing: ChunkSigning) {
    this.#signing = signing;
    this.#previous = signing.signature;
  }

  checkChunk(dataHash: string, signature: string): void {
    this.#check(`${ALGORITHM}-PAYLOAD`, [emptyHash, dataHash], signature);
  }

  checkTrailers(lines: string, signature: string): void {
    this.#check("AWS4-HMAC-SHA256-TRAILER", [sha256Hex(lines)], signature);
  }

  #check(algorithm: string, hashes: readonly string[], signature: string): void {
    const { key, scope } = this.#signing;
    const text = [algorithm, scope.timestamp, scopeText(scope), this.#previous, ...hashes].join("\n");
    const expected = hmac(key, text);
    const given = Buffer.from(signature, "hex");
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      throw new S3Error(
        "SignatureDoesNotMatch",
        "The signature of a chunk is not the one that follows from those before it.",
      );
    this.#previous = signature;
  }
}

function readTrailers(
  text: string,
  chain: SignatureChain | undefined,
  hasTrailer: boolean,
): Readonly<Record<string, string>> {
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  const trailers: Record<string, string> = {};
  for (const line of lines) {
    const [, name, value = ""] = TRAILER.exec(line) ?? [];
    if (name === undefined || !hasTrailer || Object.hasOwn(trailers, name.toLowerCase()))
      throw new S3Error("MalformedTrailerError", "What follows the last chunk is no list of trailers.");
    trailers[name.toLowerCase()] = value;
  }
  if (chain !== undefined && hasTrailer) {
    const { [signatureTrailer]: signature = "", ...signed } = trailers;
    const canonical = Object.keys(signed).sort();
    chain.checkTrailers(canonical.map((name) => `${name}:${signed[name]}\n`).join(""), signature);
    return signed;
  }
  return trailers;
}
