// Secret Manager: a place for each secret. Passwords and the key are made at random and go straight there, without a copy in the state; values of
// the app's own secrets are for a person to put in.
import type { Deployment } from "../../../deployment/deployment.ts";
import { type Block, ephemeral, output, ref, resource } from "../blocks.ts";
import { allSecrets, databaseNames, secretLabel, secretName, type SecretSource } from "../needed-secrets.ts";

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
