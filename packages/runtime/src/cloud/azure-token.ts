// Access tokens of the identity that a process is at Azure, for one resource ("https://vault.azure.net"): by a client's secret, by the token of a
// Kubernetes service account (AKS workload identity), by the identity endpoint of App Service, Functions and Container Apps, or from the machine's
// metadata service; the first of them that the environment names, in the order of Microsoft's own libraries
// (https://learn.microsoft.com/azure/developer/javascript/sdk/authentication/credential-chains).
import { type AzureClient, azureClientOf, fetchClientToken } from "./azure/client-token.ts";
import { fetchManagedToken } from "./azure/managed-identity.ts";
import type { Environment } from "./environment.ts";
import { KeptCredential } from "./kept-credential.ts";
import { type CredentialOf, sharedByEnvironment } from "./shared-by-environment.ts";

const shared = sharedByEnvironment<string>((environment, resource) => {
  const token = new KeptCredential("the access token of Azure", async () => {
    const client: AzureClient | undefined = azureClientOf(environment);
    return client === undefined
      ? await fetchManagedToken(environment, resource)
      : await fetchClientToken(client, resource);
  });
  return () => token.current();
});

/** Nothing is read or asked before the first call. What it gives rejects with CloudCredentialsError. */
export function azureToken(environment: Environment, resource: string): CredentialOf<string> {
  return shared(environment, resource.replace(/\/+$/, ""));
}
