// Message ids that follow from what they stand for: a name-based UUID, version 5 (RFC 9562, section 5.5), so that whoever publishes the
// same thing again gives it the same id, in any process.
import { createHash } from "node:crypto";

/** Chosen once; another one would make other ids of the same keys. */
const namespace = Buffer.from("8f1d2c1e5b7a4d1c9c6b0d3f7a2e4b95", "hex");

/** `key` is the publisher's own word for the message, unique within the topic. */
export function nameBasedId(topic: string, key: string): string {
  // Names of topics have no line breaks, so that no two pairs of topic and key are the same name.
  const digest = createHash("sha1").update(namespace).update(`${topic}\n${key}`).digest();
  digest[6] = (digest[6]! & 0x0f) | 0x50;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  const hex = digest.toString("hex", 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Whether an id follows from a key: those of other messages are random, which is version 4. */
export function isNameBased(id: string): boolean {
  return id[14] === "5";
}
