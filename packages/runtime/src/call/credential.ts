// Whether a request comes from a process of this app. Compared in constant time, so that the answer's delay tells nothing.
import { createHash, timingSafeEqual } from "node:crypto";

/** An empty credential admits nobody. */
export function createCredentialCheck(credential: string): (received: string | undefined) => boolean {
  const expected = digest(credential);
  return (received) => credential !== "" && received !== undefined && timingSafeEqual(digest(received), expected);
}

/** Equal lengths, which `timingSafeEqual` demands, without revealing the length of ours. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
