// Access tokens of a managed identity: from the endpoint that App Service, Functions and Container Apps name in the environment
// (https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference), else from the machine's metadata service
// (https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token).
import { askForJson, type CredentialRequest, withoutQuery } from "../ask-for-credential.ts";
import { type Environment, settingOf } from "../environment.ts";
import { CloudCredentialsError } from "../errors.ts";
import type { Lent } from "../kept-credential.ts";

/** AZURE_CLIENT_ID picks one of several identities that users have assigned. */
export async function fetchManagedToken(environment: Environment, resource: string): Promise<Lent<string>> {
  const endpoint = settingOf(environment, "IDENTITY_ENDPOINT");
  const header = settingOf(environment, "IDENTITY_HEADER");
  const clientId = settingOf(environment, "AZURE_CLIENT_ID");
  const asked = { resource, ...(clientId === undefined ? {} : { client_id: clientId }) };
  if (endpoint !== undefined && header !== undefined) return await fetchFromPlatform(endpoint, header, asked);
  const host = settingOf(environment, "AZURE_POD_IDENTITY_AUTHORITY_HOST") ?? "http://169.254.169.254";
  const query = new URLSearchParams({ "api-version": "2018-02-01", ...asked });
  return await ask({
    what: "access token of Azure for the machine's identity",
    url: `${host.replace(/\/+$/, "")}/metadata/identity/oauth2/token?${query}`,
    headers: { metadata: "true" },
    hint: "outside of Azure set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET",
  });
}

async function fetchFromPlatform(
  endpoint: string,
  header: string,
  asked: Readonly<Record<string, string>>,
): Promise<Lent<string>> {
  const what = "access token of Azure for the managed identity";
  const query = new URLSearchParams({ "api-version": "2019-08-01", ...asked });
  const headers = { "x-identity-header": header };
  return await ask({ what, url: `${endpoint}?${query}`, headers });
}

/** By the time at which the token ends: `expires_in` counts from when it was made, which may be long ago, as both places keep tokens. */
async function ask(request: CredentialRequest): Promise<Lent<string>> {
  const { access_token: value, expires_on: end } = await askForJson(request);
  if (typeof value !== "string") {
    const reason = `no ${request.what}: ${withoutQuery(request.url)} gave none`;
    throw new CloudCredentialsError("cloud_credentials_unavailable", reason);
  }
  const expiresAtMs = Number(end ?? 0) * 1000;
  return { value, expiresAtMs: Number.isFinite(expiresAtMs) ? expiresAtMs : 0 };
}
