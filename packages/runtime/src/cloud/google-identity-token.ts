// Identity tokens of the account that a process is at Google Cloud, for one audience: the URL of the service that is called. From the metadata
// server, or by the key of a service account where GOOGLE_APPLICATION_CREDENTIALS names one.
import type { Environment } from "./environment.ts";
import { readGoogleCredentials } from "./google/credentials-file.ts";
import { fetchMetadataIdentity } from "./google/metadata-server.ts";
import { fetchServiceAccountIdentity } from "./google/service-account-token.ts";
import { KeptCredential } from "./kept-credential.ts";
import { type CredentialOf, sharedByEnvironment } from "./shared-by-environment.ts";

const shared = sharedByEnvironment<string>((environment, audience) => {
  const token = new KeptCredential("the identity token of Google", async () => {
    const file = await readGoogleCredentials(environment);
    const hasKey = file?.text("type") === "service_account";
    return hasKey
      ? await fetchServiceAccountIdentity(file, audience)
      : await fetchMetadataIdentity(environment, audience);
  });
  return () => token.current();
});

/** Nothing is read or asked before the first call. What it gives rejects with CloudCredentialsError. */
export function googleIdentityToken(environment: Environment, audience: string): CredentialOf<string> {
  return shared(environment, audience);
}
