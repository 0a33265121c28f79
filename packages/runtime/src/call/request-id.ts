// The id by which people find a request in logs: the caller's own when it is harmless to print, else a new one.
import { randomUUID } from "node:crypto";

const HARMLESS = /^[\w.~+/=:@-]{1,128}$/;

export function newRequestId(): string {
  return randomUUID();
}

/** `received` is the `x-request-id` header. */
export function requestIdFrom(received: string | undefined): string {
  return harmlessId(received) ?? newRequestId();
}

/** The `x-request-id` header, if it may be used; undefined: there has to be a new one. */
// hot: guarded by bench/door
export function harmlessId(received: string | undefined): string | undefined {
  return received !== undefined && HARMLESS.test(received) ? received : undefined;
}
