// The form in which a file goes out: as it is, or compressed when the client takes that and nobody asked for a part of it.
import { createHash } from "node:crypto";
import type { RequestHeaders } from "../call/exchange.ts";
import { headerOf } from "../call/exchange.ts";
import { acceptedEncodings, type Encoding } from "./accept-encoding.ts";
import { compressFile, ENDINGS } from "./compress-file.ts";
import { contentTypeOf, isCompressible } from "./content-type.ts";
import { fingerprintOf } from "./etag.ts";
import type { OpenFile } from "./find-file.ts";
import { lookUpBeside } from "./look-up.ts";

export interface Representation {
  readonly contentType: string;
  /** undefined: as it is. */
  readonly encoding: Encoding | undefined;
  /** Other clients may get another form. */
  readonly varies: boolean;
  readonly etag: string;
  readonly modifiedMs: number;
  readonly sizeBytes: number;
  /** Either the bytes or the open file that has them. */
  readonly source: OpenFile | Buffer;
}

/** Takes over the file: its handle is closed unless it is the source. */
export async function representFile(file: OpenFile, root: string, headers: RequestHeaders): Promise<Representation> {
  const contentType = contentTypeOf(file.path);
  const varies = isCompressible(contentType);
  const { modifiedMs } = file;
  const fingerprint = await fingerprintOf(file);
  const encodings =
    varies && headers["range"] === undefined ? acceptedEncodings(headerOf(headers, "accept-encoding")) : [];
  for (const encoding of encodings) {
    const source = await compressed(file, root, encoding);
    if (source === null) continue;
    await file.handle.close();
    const sizeBytes = Buffer.isBuffer(source) ? source.length : source.sizeBytes;
    // One made at build time may be made anew without a change of the file itself.
    const form = Buffer.isBuffer(source) ? encoding : `${encoding}-${shortHash(await fingerprintOf(source))}`;
    const etag = `"${fingerprint}-${form}"`;
    return { contentType, encoding, varies, etag, modifiedMs, sizeBytes, source };
  }
  const { sizeBytes } = file;
  return { contentType, encoding: undefined, varies, etag: `"${fingerprint}"`, modifiedMs, sizeBytes, source: file };
}

async function compressed(file: OpenFile, root: string, encoding: Encoding): Promise<OpenFile | Buffer | null> {
  const beside = await lookUpBeside(root, file, ENDINGS[encoding]);
  if (beside === null) return compressFile(file, encoding);
  // An older one is of an earlier version of the file.
  if (beside.modifiedMs >= file.modifiedMs) return beside;
  await beside.handle.close();
  return compressFile(file, encoding);
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 8);
}
