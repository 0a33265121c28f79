// Encrypts single secrets, so that a file of them can be committed and a change of one shows as one changed line: AES-256-GCM with a nonce
// per value, and the name as associated data, so that a value moved under another name does not decrypt.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** Names the algorithm and the layout: nonce, tag, cipher text. */
const VERSION = "v1";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A new key in base64url. */
export function createSecretsKey(): string {
  return randomBytes(KEY_BYTES).toString("base64url");
}

/** undefined: it is no key. */
export function parseSecretsKey(text: string): Buffer | undefined {
  const key = Buffer.from(text.trim(), "base64url");
  return key.length === KEY_BYTES ? key : undefined;
}

export function encryptSecret(key: Buffer, name: string, value: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(name));
  const text = Buffer.concat([cipher.update(value, "utf8"), cipher.final()]);
  return `${VERSION}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString("base64url")}`;
}

/** undefined: the key is another one, or the text was changed. */
export function decryptSecret(key: Buffer, name: string, encrypted: string): string | undefined {
  const [version, content = ""] = encrypted.split(".");
  const bytes = Buffer.from(content, "base64url");
  if (version !== VERSION || bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const tagEnd = NONCE_BYTES + TAG_BYTES;
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(name))
    .setAuthTag(bytes.subarray(NONCE_BYTES, tagEnd));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(tagEnd)), decipher.final()]).toString("utf8");
  } catch {
    // Authentication failed: that is all there is to know.
    return undefined;
  }
}
