// Lets go of the body of an answer that has none on the wire (HEAD, 204, 304): one without an end would otherwise be made for ever.
import type { Readable } from "node:stream";

/** What is over at once, as the body of a forwarded answer to HEAD is, ends by itself. */
export function dropStream(body: Readable): void {
  body.on("error", ignore);
  body.resume();
  setImmediate(() => body.destroy());
}

/** Nobody is left to tell. */
function ignore(): void {}
