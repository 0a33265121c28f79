// Tokens by the private key of a service account: an assertion is signed with it and exchanged
// (https://developers.google.com/identity/protocols/oauth2/service-account#httprest; RFC 7523).
import { sign } from "node:crypto";
import { clock } from "../../clock/clock.ts";
import { askForAccessToken } from "../access-token.ts";
import { askForJson, type CredentialRequest, FAR_TIMEOUT_MS } from "../ask-for-credential.ts";
import { CloudCredentialsError } from "../errors.ts";
import type { Lent } from "../kept-credential.ts";
import type { GoogleCredentialsFile } from "./credentials-file.ts";
import { identityLent } from "./identity-lent.ts";

const ASSERTION_SECONDS = 3600;
const GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer";
export const GOOGLE_TOKEN_URL = "https://oauth2.googleapis.com/token";

export async function fetchServiceAccountToken(file: GoogleCredentialsFile, scope: string): Promise<Lent<string>> {
  return await askForAccessToken(exchange(file, "access token of Google", { scope }));
}

export async function fetchServiceAccountIdentity(
  file: GoogleCredentialsFile,
  audience: string,
): Promise<Lent<string>> {
  const request = exchange(file, "identity token of Google", { target_audience: audience });
  const { id_token: token } = await askForJson(request);
  if (typeof token === "string") return identityLent(token);
  throw new CloudCredentialsError("cloud_credentials_unavailable", `no ${request.what}: ${request.url} gave none`);
}

function exchange(
  file: GoogleCredentialsFile,
  what: string,
  claims: Readonly<Record<string, string>>,
): CredentialRequest {
  const url = file.optional("token_uri") ?? GOOGLE_TOKEN_URL;
  const account = file.text("client_email");
  const form = { grant_type: GRANT_TYPE, assertion: assertionOf(file, url, { ...claims, iss: account }) };
  return { what: `${what} for ${account}`, url, form, timeoutMs: FAR_TIMEOUT_MS };
}

/** A JSON Web Token signed with RS256. */
function assertionOf(file: GoogleCredentialsFile, audience: string, claims: Readonly<Record<string, string>>): string {
  const issuedAt = Math.floor(clock().now() / 1000);
  const keyId = file.optional("private_key_id");
  const header = { alg: "RS256", typ: "JWT", ...(keyId === undefined ? {} : { kid: keyId }) };
  const content = { ...claims, aud: audience, iat: issuedAt, exp: issuedAt + ASSERTION_SECONDS };
  const text = `${encoded(header)}.${encoded(content)}`;
  return `${text}.${signatureBy(file, text).toString("base64url")}`;
}

/** By the private key of the file: RSA with SHA-256. Throws CloudCredentialsError. */
export function signatureBy(file: GoogleCredentialsFile, text: string): Buffer {
  try {
    return sign("RSA-SHA256", Buffer.from(text), file.text("private_key"));
  } catch (error) {
    if (error instanceof CloudCredentialsError) throw error;
    throw new CloudCredentialsError(
      "cloud_credentials_missing",
      `${file.path}: "private_key" is no private key in PEM`,
    );
  }
}

function encoded(content: unknown): string {
  return Buffer.from(JSON.stringify(content)).toString("base64url");
}
