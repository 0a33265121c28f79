// `secret_store` of infra.json: where `{"$secret": "name"}` is read from. A file for each kind.
import type { InfraValues, Settings } from "../infra-values.ts";
import { readAwsSecretsManager } from "./aws-secrets-manager.ts";
import { readAzureKeyVault } from "./azure-key-vault.ts";
import { readCommand } from "./command.ts";
import { readFiles } from "./files.ts";
import { readGcpSecretManager } from "./gcp-secret-manager.ts";
import type { SecretStore } from "./secret-store.ts";
import { readVault } from "./vault.ts";

export type Environment = Readonly<Record<string, string | undefined>>;
type Reader = (store: Settings, at: string, values: InfraValues, environment: Environment) => SecretStore | undefined;

const readers = {
  files: readFiles,
  command: readCommand,
  aws_secrets_manager: readAwsSecretsManager,
  gcp_secret_manager: readGcpSecretManager,
  azure_key_vault: readAzureKeyVault,
  vault: readVault,
} as const satisfies Record<string, Reader>;

const types = Object.keys(readers) as (keyof typeof readers)[];

/** undefined: the file names none, or a wrong one, which is told. */
export function readSecretStore(
  value: unknown,
  values: InfraValues,
  environment: Environment,
): SecretStore | undefined {
  if (value === undefined) return undefined;
  const at = "secret_store";
  const store = values.object(value, at);
  const type = values.word(store["type"], types, `${at}.type`);
  const reader: Reader | undefined = type === undefined ? undefined : readers[type];
  return reader?.(store, at, values, environment);
}
