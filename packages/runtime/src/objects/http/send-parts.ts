// Sends the parts of an upload a few at a time while the next one is filled.
import type { PartBuffers } from "./part-buffers.ts";

const inFlight = 3;

/** What `sendPart` gave for each, in order. After a failure it waits for those on their way, so that none arrives behind an abort. */
export async function sendParts<Part>(
  first: Buffer,
  buffers: PartBuffers,
  sendPart: (number: number, body: Buffer) => Promise<Part>,
): Promise<{ readonly parts: readonly Part[]; readonly sizeBytes: number }> {
  const parts: Part[] = [];
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let sizeBytes = 0;
  try {
    for (let number = 1, body = first; ; number++) {
      sizeBytes += body.length;
      const sent = body;
      const task: Promise<void> = sendPart(number, sent)
        .then((part) => {
          parts[number - 1] = part;
          buffers.giveBack(sent);
        })
        .catch((error: unknown) => {
          failures.push(error);
        })
        .finally(() => running.delete(task));
      running.add(task);
      if (running.size >= inFlight) await Promise.race(running);
      if (failures.length > 0) throw failures[0];
      body = await buffers.next();
      if (body.length === 0) break;
    }
  } finally {
    await Promise.all(running);
  }
  if (failures.length > 0) throw failures[0];
  return { parts, sizeBytes };
}
