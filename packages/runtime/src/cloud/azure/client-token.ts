// Access tokens of an application that is registered at Microsoft Entra ID, which says who it is by a secret or by the token of a Kubernetes
// service account (https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow).
import { readFile } from "node:fs/promises";
import { askForAccessToken } from "../access-token.ts";
import { FAR_TIMEOUT_MS } from "../ask-for-credential.ts";
import { type Environment, settingOf } from "../environment.ts";
import { CloudCredentialsError } from "../errors.ts";
import type { Lent } from "../kept-credential.ts";

export interface AzureClient {
  readonly clientId: string;
  readonly tenantId: string;
  /** Without a slash at the end. */
  readonly authority: string;
  readonly proof: { readonly secret: string } | { readonly tokenFile: string };
}

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** undefined: the environment names none. */
export function azureClientOf(environment: Environment): AzureClient | undefined {
  const clientId = settingOf(environment, "AZURE_CLIENT_ID");
  const tenantId = settingOf(environment, "AZURE_TENANT_ID");
  const secret = settingOf(environment, "AZURE_CLIENT_SECRET");
  // Kubernetes renews it.
  const tokenFile = settingOf(environment, "AZURE_FEDERATED_TOKEN_FILE");
  if (clientId === undefined || tenantId === undefined) return undefined;
  const host = settingOf(environment, "AZURE_AUTHORITY_HOST") ?? "https://login.microsoftonline.com";
  const about = { clientId, tenantId, authority: host.replace(/\/+$/, "") };
  if (secret !== undefined) return { ...about, proof: { secret } };
  return tokenFile === undefined ? undefined : { ...about, proof: { tokenFile } };
}

export async function fetchClientToken(client: AzureClient, resource: string): Promise<Lent<string>> {
  const { clientId, tenantId, authority, proof } = client;
  return await askForAccessToken({
    what: `access token of Azure for the client ${clientId}`,
    url: `${authority}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`,
    form: {
      grant_type: "client_credentials",
      client_id: clientId,
      scope: `${resource}/.default`,
      ...("secret" in proof
        ? { client_secret: proof.secret }
        : { client_assertion_type: ASSERTION_TYPE, client_assertion: await tokenIn(proof.tokenFile) }),
    },
    timeoutMs: FAR_TIMEOUT_MS,
  });
}

async function tokenIn(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    const reason = `AZURE_FEDERATED_TOKEN_FILE can't be read: ${(error as Error).message}`;
    throw new CloudCredentialsError("cloud_credentials_missing", reason);
  }
}
