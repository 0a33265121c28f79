// Bytes for large objects: every chunk is another buffer with other bytes, as from a socket.
import { createHash } from "node:crypto";

/** `md5` is that of what has been given so far. */
export function largeData(sizeBytes) {
  const hash = createHash("md5");
  async function* bytes() {
    for (let sent = 0; sent < sizeBytes; ) {
      const chunk = Buffer.alloc(Math.min(64 * 1024, sizeBytes - sent), `${sent} `);
      hash.update(chunk);
      sent += chunk.length;
      yield chunk;
      // Others want to work as well.
      if (sent % (1024 * 1024) === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return { bytes, md5: () => hash.digest("hex") };
}

export async function md5Of(body) {
  const hash = createHash("md5");
  for await (const chunk of body) hash.update(chunk);
  return hash.digest("hex");
}
