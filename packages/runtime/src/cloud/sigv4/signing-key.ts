// The key of a day, region and service, and signatures by it (AWS Signature Version 4).
import { createHmac } from "node:crypto";
import { canonicalRequest, type RequestToSign, sha256Hex } from "./canonical-request.ts";

export const ALGORITHM = "AWS4-HMAC-SHA256";

export interface Scope {
  /** "20261123T080000Z". */
  readonly timestamp: string;
  readonly region: string;
  readonly service: string;
}

export function scopeText({ timestamp, region, service }: Scope): string {
  return `${timestamp.slice(0, 8)}/${region}/${service}/aws4_request`;
}

export function signingKey(secretAccessKey: string, { timestamp, region, service }: Scope): Buffer {
  const dateKey = hmac(`AWS4${secretAccessKey}`, timestamp.slice(0, 8));
  return hmac(hmac(hmac(dateKey, region), service), "aws4_request");
}

export function signatureOf(key: Buffer, scope: Scope, request: RequestToSign): Buffer {
  return hmac(key, [ALGORITHM, scope.timestamp, scopeText(scope), sha256Hex(canonicalRequest(request))].join("\n"));
}

export function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

/** "20261123T080000Z". */
export function timestampOf(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/[:-]|\.\d{3}/g, "");
}
