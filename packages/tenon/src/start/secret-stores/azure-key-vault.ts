// Azure Key Vault: secrets of one vault, read as the identity that the process has
// (https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret).
import { azureToken } from "@tenon/runtime/cloud";
import { type InfraValues, isObject, type Settings } from "../infra-values.ts";
import type { Environment } from "./read-secret-store.ts";
import { below, readUrl } from "./read-url.ts";
import { requestJson } from "./request-json.ts";
import type { SecretStore } from "./secret-store.ts";
import { versionedName } from "./versioned-name.ts";

const API_VERSION = "7.4";
const NAME = /^[A-Za-z0-9-]{1,127}$/;
/** The vaults of Azure's clouds: shop.vault.azure.net, shop.vault.azure.cn. */
const VAULT_HOST = /^[^.]+\.(vault\..+)$/;

export function readAzureKeyVault(
  store: Settings,
  at: string,
  values: InfraValues,
  environment: Environment,
): SecretStore | undefined {
  values.only(store, ["type", "vault_url"], at);
  const vault = readUrl(store["vault_url"], `${at}.vault_url`, values);
  if (vault === undefined) return undefined;
  const token = azureToken(environment, audienceOf(vault));
  return {
    async read(text) {
      const { name, version } = versionedName(text, NAME, 'letters, digits and "-"');
      const url = below(vault, `/secrets/${name}${version === undefined ? "" : `/${version}`}`);
      url.searchParams.set("api-version", API_VERSION);
      const make = async () => ({ headers: { authorization: `Bearer ${await token()}` } });
      const { value } = await requestJson(url, make, reasonOf);
      if (typeof value !== "string") throw new Error(`${url.host} answered without "value"`);
      return value;
    },
  };
}

/** Whom the token is for: all vaults of a cloud. */
function audienceOf({ hostname }: URL): string {
  return `https://${VAULT_HOST.exec(hostname)?.[1] ?? "vault.azure.net"}`;
}

function reasonOf({ error }: Settings): string | undefined {
  return isObject(error)
    ? [error["code"], error["message"]].filter((part) => part !== undefined).join(", ")
    : undefined;
}
