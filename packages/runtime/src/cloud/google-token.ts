// Access tokens of the account that a process is at Google Cloud, for one scope: by the file that GOOGLE_APPLICATION_CREDENTIALS names, else by the
// one that `gcloud auth application-default login` writes, else from the metadata server of the machine, in the order of Google's own libraries
// (https://cloud.google.com/docs/authentication/application-default-credentials).
import { KeptCredential, type Lent } from "./kept-credential.ts";
import type { Environment } from "./environment.ts";
import { CloudCredentialsError } from "./errors.ts";
import { GOOGLE_CLOUD_SCOPE } from "./google/cloud-scope.ts";
import { fetchExternalToken } from "./google/external-account-token.ts";
import { fetchImpersonatedToken } from "./google/impersonated-token.ts";
import { type GoogleCredentialsFile, readGoogleCredentials } from "./google/credentials-file.ts";
import { fetchMetadataToken } from "./google/metadata-server.ts";
import { fetchUserToken } from "./google/user-token.ts";
import { fetchServiceAccountToken } from "./google/service-account-token.ts";
import { type CredentialOf, sharedByEnvironment } from "./shared-by-environment.ts";

const shared = sharedByEnvironment<string>((environment, scope) => {
  const token = new KeptCredential("the access token of Google", async () => {
    const file = await readGoogleCredentials(environment);
    return file === undefined ? await fetchMetadataToken(environment, scope) : await fetchByFile(file, scope);
  });
  return () => token.current();
});

/** Nothing is read or asked before the first call. What it gives rejects with CloudCredentialsError. */
export function googleToken(environment: Environment, scope: string): CredentialOf<string> {
  return shared(environment, scope);
}

async function fetchByFile(file: GoogleCredentialsFile, scope: string): Promise<Lent<string>> {
  const type = file.text("type");
  if (type === "service_account") return await fetchServiceAccountToken(file, scope);
  if (type === "authorized_user") return await fetchUserToken(file);
  if (type === "external_account") return await fetchExternalToken(file, scope);
  if (type === "impersonated_service_account") {
    return await fetchImpersonatedToken(file, scope, () =>
      fetchByFile(file.part("source_credentials"), GOOGLE_CLOUD_SCOPE),
    );
  }
  const known = "service_account, authorized_user, external_account and impersonated_service_account";
  throw new CloudCredentialsError(
    "cloud_credentials_missing",
    `${file.path}: credentials of type "${type}" are not supported; ${known} are`,
  );
}
