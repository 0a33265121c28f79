// The compressed form of a file: one that lies beside it (`app.js.br`), else one made here and kept for the next who asks.
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Encoding } from "./accept-encoding.ts";
import { BoundedCache } from "./bounded-cache.ts";
import type { OpenFile } from "./find-file.ts";

/** Below, the packet is not smaller; above, one request would keep a core busy for too long. */
const MIN_BYTES = 1024;
const MAX_BYTES = 4 * 1024 * 1024;
/** All compressed forms of all files together. */
const CACHE_BYTES = 32 * 1024 * 1024;
/** Most of the gain at a fraction of the time of the highest; files that deserve more are compressed when they are built. */
const BROTLI_QUALITY = 5;

const made = new BoundedCache<Buffer | null>(CACHE_BYTES);
const underWay = new Map<string, Promise<Buffer | null>>();

const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);

export const ENDINGS: Readonly<Record<Encoding, string>> = { br: ".br", gzip: ".gz" };

/** null: it is not worth it, for its size or because it does not get smaller. */
export async function compressFile(file: OpenFile, encoding: Encoding): Promise<Buffer | null> {
  if (file.sizeBytes < MIN_BYTES || file.sizeBytes > MAX_BYTES) return null;
  const key = `${encoding} ${file.path} ${file.version}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const running = underWay.get(key) ?? compress(file, encoding).finally(() => underWay.delete(key));
  underWay.set(key, running);
  const compressed = await running;
  made.set(key, compressed, compressed?.length ?? 1);
  return compressed;
}

async function compress(file: OpenFile, encoding: Encoding): Promise<Buffer | null> {
  const bytes = Buffer.alloc(file.sizeBytes);
  let position = 0;
  while (position < bytes.length) {
    const { bytesRead } = await file.handle.read(bytes, position, bytes.length - position, position);
    if (bytesRead === 0) return null;
    position += bytesRead;
  }
  const compressed =
    encoding === "br"
      ? await brotli(bytes, {
          params: {
            [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
            [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
          },
        })
      : await deflate(bytes);
  return compressed.length < bytes.length ? compressed : null;
}
