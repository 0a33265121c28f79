// Access tokens of a managed identity: from the endpoint that App Service, Functions and Container Apps name in the environment
// (https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference), else from the machine's metadata service
// (https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token).
import { askForAccessToken } from "../access-token.ts";
import { askForJson } from "../ask-for-credential.ts";
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
  return await askForAccessToken({
    what: "access token of Azure for the machine's identity",
    url: `${host.replace(/\/+$/, "")}/metadata/identity/oauth2/token?${query}`,
    headers: { metadata: "true" },
    hint: "outside of Azure set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET",
  });
}

/** Says when the token ends, and not for how long it holds. */
async function fetchFromPlatform(
  endpoint: string,
  header: string,
  asked: Readonly<Record<string, string>>,
): Promise<Lent<string>> {
  const what = "access token of Azure for the managed identity";
  const query = new URLSearchParams({ "api-version": "2019-08-01", ...asked });
  const headers = { "x-identity-header": header };
  const { access_token: value, expires_on: end } = await askForJson({ what, url: `${endpoint}?${query}`, headers });
  if (typeof value !== "string") {
    throw new CloudCredentialsError("cloud_credentials_unavailable", `no ${what}: ${endpoint} gave none`);
  }
  const expiresAtMs = Number(end ?? 0) * 1000;
  return { value, expiresAtMs: Number.isFinite(expiresAtMs) ? expiresAtMs : 0 };
}
