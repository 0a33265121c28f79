// Signatures of URLs for objects in files: HMAC over what the URL allows and until when.
import { createHmac, timingSafeEqual } from "node:crypto";
import type { SignedMethod } from "./object-store.ts";
import { OBJECTS_PATH } from "./objects-path.ts";

export interface SignedAccess {
  readonly method: SignedMethod;
  readonly bucket: string;
  readonly name: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

export function signAccess(key: string, { method, bucket, name, expiresAt }: SignedAccess): string {
  return createHmac("sha256", key).update([method, bucket, name, expiresAt].join("\n")).digest("hex");
}

export function isSigned(key: string, access: SignedAccess, signature: string): boolean {
  const expected = Buffer.from(signAccess(key, access));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected) && access.expiresAt * 1000 > Date.now();
}

/** "/__tenon/objects/<bucket>/<name>", with the slashes of the name left as they are. */
export function objectPath(bucket: string, name: string): string {
  return `${OBJECTS_PATH}${bucket}/${name.split("/").map(encodeURIComponent).join("/")}`;
}
