// Access tokens of a service account that another account may act as
// (https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken).
import { askForJson, FAR_TIMEOUT_MS } from "../ask-for-credential.ts";
import { CloudCredentialsError } from "../errors.ts";
import type { Lent } from "../kept-credential.ts";
import type { GoogleCredentialsFile } from "./credentials-file.ts";

/** `fetchOwn`: the token of the account that acts. */
export async function fetchImpersonatedToken(
  file: GoogleCredentialsFile,
  scope: string,
  fetchOwn: () => Promise<Lent<string>>,
): Promise<Lent<string>> {
  return await impersonate(file.text("service_account_impersonation_url"), scope, (await fetchOwn()).value);
}

export async function impersonate(url: string, scope: string, ownToken: string): Promise<Lent<string>> {
  const what = "access token of Google for the impersonated account";
  const { accessToken, expireTime } = await askForJson({
    what,
    url,
    headers: { authorization: `Bearer ${ownToken}` },
    json: { scope: [scope] },
    timeoutMs: FAR_TIMEOUT_MS,
    hint: "may the account create tokens of the other (roles/iam.serviceAccountTokenCreator)?",
  });
  const expiresAtMs = typeof expireTime === "string" ? Date.parse(expireTime) : 0;
  if (typeof accessToken === "string")
    return { value: accessToken, expiresAtMs: Number.isNaN(expiresAtMs) ? 0 : expiresAtMs };
  throw new CloudCredentialsError("cloud_credentials_unavailable", `no ${what}: ${url} gave none`);
}
