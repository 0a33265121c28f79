// Secrets Manager: a place for each secret. Passwords and the key are made at random and go straight there, without a copy in the state; values of
// the app's own secrets are for a person to put in.
import type { Deployment } from "../../../deployment/deployment.ts";
import { type Block, ephemeral, output, ref, resource } from "../blocks.ts";
import { allSecrets, databaseNames, secretLabel, secretName, type SecretSource } from "../needed-secrets.ts";

/** Those of all processes, and the passwords of all databases: each role has one, whoever uses it. */
export function storedSecrets(deployment: Deployment): readonly SecretSource[] {
  const databases = databaseNames(deployment).map((database): SecretSource => ({ kind: "database", database }));
  const all = new Map([...allSecrets(deployment), ...databases].map((source) => [secretLabel(source), source]));
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, source]) => source);
}

export function secretBlocks(deployment: Deployment): readonly Block[] {
  const stored = storedSecrets(deployment);
  const toFill = stored.filter(({ kind }) => kind === "secret").map((source) => source);
  return [
    ...stored.flatMap((source) => [
      resource("aws_secretsmanager_secret", secretLabel(source), {
        name: `${ref("var.name")}/${secretName(source)}`,
        description: descriptionOf(source),
      }),
      ...(source.kind === "secret" ? [] : randomValue(secretLabel(source))),
    ]),
    output(
      "secrets_to_fill",
      "Secrets that need a value: aws secretsmanager put-secret-value --secret-id NAME --secret-string VALUE",
      toFill.map((source) => ref(`aws_secretsmanager_secret.${secretLabel(source)}.name`)),
    ),
  ];
}

function randomValue(name: string): readonly Block[] {
  return [
    ephemeral("aws_secretsmanager_random_password", name, { password_length: 40, exclude_punctuation: true }),
    resource("aws_secretsmanager_secret_version", name, {
      secret_id: ref(`aws_secretsmanager_secret.${name}.id`),
      secret_string_wo: ref(`ephemeral.aws_secretsmanager_random_password.${name}.random_password`),
      // One more makes a new value.
      secret_string_wo_version: ref("var.secrets_version"),
    }),
  ];
}

function descriptionOf(source: SecretSource): string {
  if (source.kind === "key") return "What the processes of the app prove themselves to each other with.";
  return source.kind === "database"
    ? `Password of the role ${source.database}.`
    : `Secret ${source.secret} of the app.`;
}
