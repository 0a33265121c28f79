// Google's metadata server, which gives tokens of the service account that a machine or container runs as
// (https://cloud.google.com/compute/docs/access/authenticate-workloads). GCE_METADATA_HOST stands in for its address, as in Google's libraries.
import { askForAccessToken } from "../access-token.ts";
import { askForCredential, type CredentialRequest } from "../ask-for-credential.ts";
import { type Environment, settingOf } from "../environment.ts";
import type { Lent } from "../kept-credential.ts";
import { identityLent } from "./identity-lent.ts";

export async function fetchMetadataToken(environment: Environment, scope: string): Promise<Lent<string>> {
  return await askForAccessToken(
    metadataRequest(environment, "access token of Google", `token?scopes=${encodeURIComponent(scope)}`),
  );
}

export async function fetchMetadataIdentity(environment: Environment, audience: string): Promise<Lent<string>> {
  const path = `identity?audience=${encodeURIComponent(audience)}`;
  const { text } = await askForCredential(metadataRequest(environment, "identity token of Google", path));
  return identityLent(text.trim());
}

export function metadataRequest(environment: Environment, what: string, path: string): CredentialRequest {
  const host = settingOf(environment, "GCE_METADATA_HOST") ?? "metadata.google.internal";
  return {
    what,
    url: `http://${host}/computeMetadata/v1/instance/service-accounts/default/${path}`,
    headers: { "metadata-flavor": "Google" },
    hint: "outside of Google Cloud set GOOGLE_APPLICATION_CREDENTIALS to a file with credentials",
  };
}
