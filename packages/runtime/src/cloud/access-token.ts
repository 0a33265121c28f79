// The access token in an answer of OAuth 2.0 (RFC 6749, section 5.1), as Google and Microsoft give it.
import { clock } from "../clock/clock.ts";
import { askForJson, type CredentialRequest, withoutQuery } from "./ask-for-credential.ts";
import { CloudCredentialsError } from "./errors.ts";
import type { Lent } from "./kept-credential.ts";

/** Throws CloudCredentialsError. */
export async function askForAccessToken(request: CredentialRequest): Promise<Lent<string>> {
  // Before it is asked for: it holds from some moment in between on.
  const askedAtMs = clock().now();
  const { access_token: value, expires_in: seconds } = await askForJson(request);
  if (typeof value !== "string") {
    throw new CloudCredentialsError(
      "cloud_credentials_unavailable",
      `no ${request.what}: ${withoutQuery(request.url)} gave none`,
    );
  }
  // Some of Microsoft's give the number as a text.
  const lifetimeMs = Number(seconds ?? 0) * 1000;
  return { value, expiresAtMs: Number.isFinite(lifetimeMs) ? askedAtMs + lifetimeMs : 0 };
}
