// Reads as much of an answer as a page can show: not more than so many bytes, and of one that does not end not longer than so long.

const mostBytes = 1024 * 1024;
/** Server-sent events may go on for ever. */
const longestMs = 5_000;

export interface ReadAnswer {
  readonly body: string;
  readonly encoding: "text" | "base64";
  readonly truncated: boolean;
}

export async function readAnswer(response: Response): Promise<ReadAnswer> {
  const { bytes, truncated } = await readBytes(response);
  try {
    // A character may have been cut in two.
    const body = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: truncated });
    return { body, encoding: "text", truncated };
  } catch {
    return { body: Buffer.from(bytes).toString("base64"), encoding: "base64", truncated };
  }
}

async function readBytes(response: Response): Promise<{ bytes: Uint8Array; truncated: boolean }> {
  const reader = response.body?.getReader();
  if (reader === undefined) return { bytes: new Uint8Array(), truncated: false };
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<"too long">((resolve) => {
    timer = setTimeout(() => resolve("too long"), longestMs);
  });
  try {
    for (;;) {
      const piece = await Promise.race([reader.read(), tooLong]);
      if (piece === "too long") return { bytes: Buffer.concat(pieces), truncated: true };
      if (piece.done) return { bytes: Buffer.concat(pieces), truncated: false };
      pieces.push(piece.value);
      sizeBytes += piece.value.length;
      if (sizeBytes > mostBytes) return { bytes: Buffer.concat(pieces).subarray(0, mostBytes), truncated: true };
    }
  } catch {
    // It broke off: what came is still worth seeing.
    return { bytes: Buffer.concat(pieces), truncated: true };
  } finally {
    clearTimeout(timer);
    reader.cancel().catch(() => undefined);
  }
}
