// Access tokens by workload identity federation: a token that another cloud, a cluster or a pipeline gave is exchanged for one of Google
// (https://google.aip.dev/auth/4117; RFC 8693). The other token comes from a file or from a URL.
import { readFile } from "node:fs/promises";
import { askForAccessToken } from "../access-token.ts";
import { askForCredential, FAR_TIMEOUT_MS } from "../ask-for-credential.ts";
import { CloudCredentialsError } from "../errors.ts";
import type { Lent } from "../kept-credential.ts";
import { GOOGLE_CLOUD_SCOPE } from "./cloud-scope.ts";
import type { GoogleCredentialsFile } from "./credentials-file.ts";
import { impersonate } from "./impersonated-token.ts";

export async function fetchExternalToken(file: GoogleCredentialsFile, scope: string): Promise<Lent<string>> {
  const account = file.optional("service_account_impersonation_url");
  const exchanged = await askForAccessToken({
    what: "access token of Google for the external account",
    url: file.text("token_url"),
    form: {
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      audience: file.text("audience"),
      scope: account === undefined ? scope : GOOGLE_CLOUD_SCOPE,
      requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
      subject_token: await subjectToken(file.part("credential_source")),
      subject_token_type: file.text("subject_token_type"),
    },
    timeoutMs: FAR_TIMEOUT_MS,
  });
  return account === undefined ? exchanged : await impersonate(account, scope, exchanged.value);
}

async function subjectToken(source: GoogleCredentialsFile): Promise<string> {
  const path = source.optional("file");
  const url = source.optional("url");
  if (path !== undefined) return inFormat(await readSubject(source, path), source);
  if (url === undefined) {
    const reason = `${source.path}: of the sources only "file" and "url" are supported`;
    throw new CloudCredentialsError("cloud_credentials_missing", reason);
  }
  const headers = source.optionalPart("headers")?.texts() ?? {};
  const { text } = await askForCredential({ what: "token of the external account", url, headers });
  return inFormat(text, source);
}

async function readSubject(source: GoogleCredentialsFile, path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new CloudCredentialsError("cloud_credentials_missing", `${source.path}: ${(error as Error).message}`);
  }
}

/** As it is, or a field of a JSON object. */
function inFormat(text: string, source: GoogleCredentialsFile): string {
  const format = source.optionalPart("format");
  if (format?.optional("type") !== "json") return text.trim();
  const field = format.text("subject_token_field_name");
  try {
    const token = (JSON.parse(text) as Readonly<Record<string, unknown>>)[field];
    if (typeof token === "string") return token;
  } catch {
    // Told below: the text itself may be the token.
  }
  const reason = `${source.path}: what was read is no JSON object with a text "${field}"`;
  throw new CloudCredentialsError("cloud_credentials_unavailable", reason);
}
