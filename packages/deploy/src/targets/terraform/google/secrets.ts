// Secret Manager: a place for each secret. Passwords and the key are made at random and go straight there, without a copy in the state; values of
// the app's own secrets are for a person to put in.
import { type Deployment, edgesOf } from "../../../deployment/deployment.ts";
import { type Block, ephemeral, label, output, ref, resource } from "../blocks.ts";
import { allSecrets, databaseNames, secretLabel, secretName, type SecretSource } from "../needed-secrets.ts";
import { objectsSecret } from "./grants.ts";

export function storedSecrets(deployment: Deployment): readonly SecretSource[] {
  const databases = databaseNames(deployment).map((database): SecretSource => ({ kind: "database", database }));
  const all = new Map([...allSecrets(deployment), ...databases].map((source) => [secretLabel(source), source]));
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, source]) => source);
}

export function secretBlocks(deployment: Deployment): readonly Block[] {
  const stored = storedSecrets(deployment);
  const toFill = stored.filter(({ kind }) => kind === "secret").map(secretLabel);
  const hasDatabase = databaseNames(deployment).length > 0;
  return [
    ...stored.flatMap((source) => [
      place(secretLabel(source), secretName(source)),
      ...(source.kind === "secret" ? [] : randomValue(secretLabel(source))),
    ]),
    ...(hasDatabase ? administratorSecret() : []),
    output(
      "secrets_to_fill",
      "Secrets that need a value: gcloud secrets versions add NAME --data-file=FILE",
      toFill.map((name) => ref(`google_secret_manager_secret.${name}.secret_id`)),
    ),
  ];
}

/** Keys for requests in the words of S3, for processes that use buckets. */
export function objectsKeyBlocks(deployment: Deployment): readonly Block[] {
  return deployment.units
    .filter(({ name }) => edgesOf(deployment, name, "bucket").length > 0)
    .flatMap(({ name }) => objectsKey(name));
}

function place(name: string, googleName: string): Block {
  return resource("google_secret_manager_secret", name, {
    secret_id: `${ref("var.name")}-${googleName}`,
    replication: [{ auto: [{}] }],
    labels: ref("local.labels"),
  });
}

function randomValue(name: string): readonly Block[] {
  return [
    ephemeral("random_password", name, { length: 40, special: false }),
    resource("google_secret_manager_secret_version", name, {
      secret: ref(`google_secret_manager_secret.${name}.id`),
      secret_data_wo: ref(`ephemeral.random_password.${name}.result`),
      // One more makes a new value.
      secret_data_wo_version: ref("var.secrets_version"),
    }),
  ];
}

/** The server gets what the store has, not what this run made up: a run that stopped half-way does no harm. */
function administratorSecret(): readonly Block[] {
  return [
    place("administrator", "database-administrator"),
    ...randomValue("administrator"),
    ephemeral("google_secret_manager_secret_version", "administrator", {
      secret: ref("google_secret_manager_secret.administrator.secret_id"),
      version: ref("google_secret_manager_secret_version.administrator.version"),
    }),
  ];
}

/** Google gives the key of an account once, when it is made: it is in the state. */
function objectsKey(unit: string): readonly Block[] {
  const name = objectsSecret(unit);
  return [
    resource("google_storage_hmac_key", label(unit), {
      service_account_email: ref(`google_service_account.${label(unit)}.email`),
    }),
    place(name, `objects-${unit}`),
    resource("google_secret_manager_secret_version", name, {
      secret: ref(`google_secret_manager_secret.${name}.id`),
      secret_data_wo: ref(`google_storage_hmac_key.${label(unit)}.secret`),
      secret_data_wo_version: 1,
    }),
  ];
}
