// Refuses requests that a browser sends for a foreign page. A page may point its own name at 127.0.0.1 (DNS rebinding) and would then
// read the dashboard as its own origin; the Host header still says its name.
import type { IncomingMessage } from "node:http";
import { RequestError } from "./errors.ts";

const LOOPBACK_NAMES = new Set(["localhost", "127.0.0.1", "[::1]"]);

export function isLoopbackName(name: string): boolean {
  return LOOPBACK_NAMES.has(name) || name === "::1";
}

/** The port may be another one: an editor or ssh forwards it. */
export function checkHost(request: IncomingMessage): void {
  const host = request.headers.host ?? "";
  const name = host.replace(/:\d+$/, "").toLowerCase();
  if (LOOPBACK_NAMES.has(name)) return;
  throw new RequestError(
    "permission_denied",
    `the dashboard answers only to localhost, not to "${host}"; open it as http://localhost`,
  );
}
