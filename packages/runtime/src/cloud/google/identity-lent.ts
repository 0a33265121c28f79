// Until when an identity token holds: `exp` of a JSON Web Token (RFC 7519).
import type { Lent } from "../kept-credential.ts";

/** What does not say is asked for anew each time. */
export function identityLent(token: string): Lent<string> {
  return { value: token, expiresAtMs: endOf(token) };
}

function endOf(token: string): number {
  try {
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { exp?: unknown };
    return typeof claims.exp === "number" ? claims.exp * 1000 : 0;
  } catch {
    return 0;
  }
}
