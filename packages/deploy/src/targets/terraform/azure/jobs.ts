// What runs before the new version: databases and roles are made, then each database is migrated. Terraform runs these jobs in this order through
// the Azure command line and goes on to the apps only when they ended well.
import type { Deployment, Unit } from "../../../deployment/deployment.ts";
import { passwordVariable } from "../../../deployment/variables.ts";
import type { SettingValues } from "../../../target.ts";
import { type Block, type Body, label, ref, resource } from "../blocks.ts";
import { databaseNames } from "../needed-secrets.ts";
import { migrateArguments, migratedBlock, migratingUnits } from "../process-settings.ts";
import { provisionCommand } from "../provision-script.ts";
import { type Assignment, readAssignment, type VaultSecret, vaultNames, vaultSecrets } from "./grants.ts";
import { place } from "./place.ts";
import { commonSettings, containerOf, startNeeds } from "./services.ts";
import { databasePort } from "./stores.ts";

const why =
  "makes databases and their roles before a version starts; it has the administrator's password, and is no process of the app";

export function provisionAssignments(deployment: Deployment): readonly Assignment[] {
  return provisionSecrets(deployment).map(({ label: secret }) => readAssignment("provision", secret, why));
}

export function jobBlocks(deployment: Deployment, settings: SettingValues): readonly Block[] {
  if (databaseNames(deployment).length === 0) return [];
  const secrets = provisionSecrets(deployment);
  const container = provisionContainer(databaseNames(deployment), secrets);
  // Its image is a public one.
  const { registry: _registry, ...common } = commonSettings("provision", secrets);
  return [
    job(
      "provision",
      common,
      container,
      secrets.map(({ label: secret }) => `azurerm_role_assignment.provision_${secret}`),
    ),
    jobRun("provision", container, [ref("var.secrets_version")], ["azurerm_postgresql_flexible_server.main"]),
    ...migratingUnits(deployment).flatMap((unit) => migration(deployment, unit, settings)),
    migratedBlock(deployment),
  ];
}

function migration(deployment: Deployment, unit: Unit, settings: SettingValues): readonly Block[] {
  const name = `migrate_${label(unit.name)}`;
  const container = containerOf(deployment, unit, settings, migrateArguments(unit));
  const common = commonSettings(unit.name, vaultSecrets(deployment, unit));
  return [
    job(name, common, container, startNeeds(deployment, unit)),
    jobRun(name, container, [], ["terraform_data.provision"]),
  ];
}

function job(name: string, common: Body, container: Body, needs: readonly string[]): Block {
  return resource("azurerm_container_app_job", name, {
    ...place(`-${name.replaceAll("_", "-").toLowerCase()}`),
    container_app_environment_id: ref("azurerm_container_app_environment.main.id"),
    workload_profile_name: "Consumption",
    ...common,
    replica_timeout_in_seconds: 3600,
    replica_retry_limit: 0,
    manual_trigger_config: [{ parallelism: 1, replica_completion_count: 1 }],
    template: [{ container: [container] }],
    depends_on: needs,
  });
}

/** Run again when what it runs changes. */
function jobRun(name: string, container: Body, triggers: readonly string[], needs: readonly string[]): Block {
  const own = `azurerm_container_app_job.${name}`;
  const { image, args, env } = container;
  return resource("terraform_data", name, {
    triggers_replace: [ref(`${own}.id`), { image: image!, args: args!, env: env! }, ...triggers],
    provisioner: [
      {
        "local-exec": {
          command: "sh ./run-job.sh",
          working_dir: ref("path.module"),
          environment: { JOB: ref(`${own}.name`), RESOURCE_GROUP: ref("azurerm_resource_group.main.name") },
        },
      },
    ],
    depends_on: needs,
  });
}

function provisionContainer(databases: readonly string[], secrets: readonly VaultSecret[]): Body {
  const [command, ...args] = provisionCommand(databases);
  const environment = {
    PGHOST: ref("azurerm_postgresql_flexible_server.main.fqdn"),
    PGPORT: String(databasePort),
    PGSSLMODE: "verify-full",
    PGSSLROOTCERT: "system",
    PGUSER: ref("azurerm_postgresql_flexible_server.main.administrator_login"),
  };
  return {
    name: "main",
    image: ref("var.psql_image"),
    command: [command!],
    args,
    cpu: 0.25,
    memory: "0.5Gi",
    env: [
      ...Object.entries(environment).map(([name, value]) => ({ name, value })),
      ...secrets.map(({ variable, name }) => ({ name: variable, secret_name: name })),
    ],
  };
}

function provisionSecrets(deployment: Deployment): readonly VaultSecret[] {
  return [
    { label: "administrator", name: "database-administrator", variable: "PGPASSWORD", edges: [] },
    ...databaseNames(deployment).map((database) => ({
      ...vaultNames({ kind: "database", database }),
      variable: passwordVariable(database),
      edges: [],
    })),
  ];
}

export const runJobScript = `#!/bin/sh
# Runs one job of Container Apps to its end and fails where the job fails. Terraform gives JOB and RESOURCE_GROUP.
set -eu

run=$(az containerapp job start --name "$JOB" --resource-group "$RESOURCE_GROUP" --query name --output tsv)

tries=0
while :; do
  status=$(az containerapp job execution show --name "$JOB" --resource-group "$RESOURCE_GROUP" \\
    --job-execution-name "$run" --query properties.status --output tsv)
  case "$status" in
    Succeeded) exit 0 ;;
    Failed | Stopped | Degraded)
      echo "$run ended: $status; its log is in Log Analytics" >&2
      exit 1
      ;;
  esac
  tries=$((tries + 1))
  if [ "$tries" -ge 720 ]; then
    echo "$run has not ended; it goes on" >&2
    exit 1
  fi
  sleep 5
done
`;
