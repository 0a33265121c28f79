// Signatures of URLs for objects in files: HMAC over what the URL allows and until when. All of it stands in the query.
import { createHmac, timingSafeEqual } from "node:crypto";
import { clock } from "../../clock/clock.ts";
import type { SignedAccess, SignedMethod } from "../object-store.ts";
import { ObjectsError } from "../errors.ts";
import { isDots, pathOfName } from "../name-path.ts";
import { OBJECTS_PATH } from "./objects-path.ts";

export interface AccessToSign extends Omit<SignedAccess, "ttlSeconds"> {
  readonly bucket: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/** What a signed query allows besides the one object. */
export type Grant = Pick<SignedAccess, "version" | "contentType" | "maxSizeBytes">;

/** The query of a URL that allows this and nothing else. */
export function signAccess(key: string, access: AccessToSign): string {
  const { expiresAt, version, contentType, maxSizeBytes } = access;
  const query = new URLSearchParams({ expires: String(expiresAt) });
  if (version !== undefined) query.set("version", version);
  if (contentType !== undefined) query.set("content-type", contentType);
  if (maxSizeBytes !== undefined) query.set("max-size", String(maxSizeBytes));
  query.set("signature", signatureOf(key, access).toString("hex"));
  return query.toString();
}

/** undefined: the query is not signed for this, or its time is over. */
export function readGrant(
  key: string,
  query: URLSearchParams,
  { method, bucket, name }: { readonly method: SignedMethod; readonly bucket: string; readonly name: string },
): Grant | undefined {
  const maxSize = query.get("max-size");
  const expiresAt = Number(query.get("expires"));
  const grant: Grant = {
    version: query.get("version") ?? undefined,
    contentType: query.get("content-type") ?? undefined,
    maxSizeBytes: maxSize === null ? undefined : Number(maxSize),
  };
  const expected = signatureOf(key, { ...grant, method, bucket, name, expiresAt });
  const given = Buffer.from(query.get("signature") ?? "", "hex");
  const isSigned = given.length === expected.length && timingSafeEqual(given, expected);
  return isSigned && expiresAt * 1000 > clock().now() ? grant : undefined;
}

function signatureOf(key: string, access: AccessToSign): Buffer {
  const { method, bucket, name, expiresAt, version, contentType, maxSizeBytes } = access;
  // As JSON no part can reach into the next one.
  const text = JSON.stringify([
    method,
    bucket,
    name,
    expiresAt,
    version ?? null,
    contentType ?? null,
    maxSizeBytes ?? null,
  ]);
  return createHmac("sha256", key).update(text).digest();
}

/** "/__tenon/objects/<bucket>/<name>". Throws ObjectsError for a name that no URL can have. */
export function objectPath(bucket: string, name: string): string {
  if (isDots(name))
    throw new ObjectsError("objects_unsupported", { bucket, object: name, reason: "no URL can have this name" });
  return `${OBJECTS_PATH}${bucket}/${pathOfName(name)}`;
}
