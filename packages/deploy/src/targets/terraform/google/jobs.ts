// What runs before the new version: databases and roles are made, then each database is migrated. Terraform runs these jobs in this order through
// gcloud and goes on to the services only when they ended well.
import type { Deployment, Unit } from "../../../deployment/deployment.ts";
import { passwordVariable } from "../../../deployment/variables.ts";
import type { SettingValues } from "../../../target.ts";
import { type Block, type Body, label, ref, resource } from "../blocks.ts";
import { databaseNames, secretLabel } from "../needed-secrets.ts";
import { migrateArguments, migratedBlock, migratingUnits } from "../process-settings.ts";
import { provisionCommand } from "../provision-script.ts";
import { type Binding, databasePort, type Opening } from "./grants.ts";
import { account } from "./identities.ts";
import { vpcAccess } from "./network.ts";
import { containerOf, secretVariable, startNeeds } from "./services.ts";

const why =
  "makes databases and their roles before a version starts; it has the administrator's password, and is no process of the app";

export function provisionBindings(deployment: Deployment): readonly Binding[] {
  return provisionSecrets(deployment).map((name) => ({
    type: "google_secret_manager_secret_iam_member",
    name: `provision_${name}`,
    unit: "provision",
    role: "roles/secretmanager.secretAccessor",
    on: { secret_id: ref(`google_secret_manager_secret.${name}.id`) },
    onText: `secret ${name}`,
    because: why,
  }));
}

export const provisionOpenings: readonly Opening[] = [
  {
    name: "provision_to_database",
    unit: "provision",
    to: "the database server",
    address: "google_sql_database_instance.main.private_ip_address",
    port: databasePort,
    because: why,
  },
];

export function jobBlocks(deployment: Deployment, settings: SettingValues): readonly Block[] {
  if (databaseNames(deployment).length === 0) return [];
  const secrets = provisionSecrets(deployment);
  const container = provisionContainer(deployment);
  return [
    account("provision", "Makes databases and their roles."),
    job("provision", "provision", vpcAccess(deployment, "provision"), container, [
      ...secrets.map((name) => `google_secret_manager_secret_iam_member.provision_${name}`),
      ...secrets.map((name) => `google_secret_manager_secret_version.${name}`),
      "google_sql_user.administrator",
    ]),
    jobRun("provision", container, [ref("var.secrets_version")], ["google_compute_firewall.provision_to_database"]),
    ...migratingUnits(deployment).flatMap((unit) => migration(deployment, unit, settings)),
    migratedBlock(deployment),
  ];
}

function migration(deployment: Deployment, unit: Unit, settings: SettingValues): readonly Block[] {
  const own = label(unit.name);
  const container = containerOf(deployment, unit, settings, migrateArguments(unit));
  const needs = startNeeds(deployment, unit);
  return [
    job(`migrate_${own}`, unit.name, vpcAccess(deployment, unit.name), container, needs),
    jobRun(`migrate_${own}`, container, [], ["terraform_data.provision"]),
  ];
}

function job(name: string, unit: string, access: Body, container: Body, needs: readonly string[]): Block {
  return resource("google_cloud_run_v2_job", name, {
    name: `${ref("var.name")}-${name.replaceAll("_", "-")}`,
    location: ref("var.region"),
    deletion_protection: false,
    labels: ref("local.labels"),
    template: [
      {
        template: [
          {
            service_account: ref(`google_service_account.${label(unit)}.email`),
            max_retries: 0,
            timeout: "3600s",
            vpc_access: [access],
            containers: [container],
          },
        ],
      },
    ],
    depends_on: needs,
  });
}

/** Run again when what it runs changes. The job's own generation is known too late: a plan still has the one before. */
function jobRun(name: string, container: Body, triggers: readonly string[], needs: readonly string[]): Block {
  const own = `google_cloud_run_v2_job.${name}`;
  const { image, args, env } = container;
  return resource("terraform_data", name, {
    triggers_replace: [ref(`${own}.id`), { image: image!, args: args!, env: env! }, ...triggers],
    provisioner: [
      {
        "local-exec": {
          command: 'gcloud run jobs execute "$JOB" --project "$PROJECT" --region "$REGION" --wait',
          environment: { JOB: ref(`${own}.name`), PROJECT: ref("var.project"), REGION: ref("var.region") },
        },
      },
    ],
    depends_on: needs,
  });
}

function provisionContainer(deployment: Deployment): Body {
  const databases = databaseNames(deployment);
  const [command, ...args] = provisionCommand(databases, 'printf \'%s\' "$DATABASE_CA" > "$PGSSLROOTCERT"');
  const environment = {
    DATABASE_CA: ref("google_sql_database_instance.main.server_ca_cert[0].cert"),
    PGHOST: ref("google_sql_database_instance.main.private_ip_address"),
    PGPORT: String(databasePort),
    PGSSLMODE: "verify-ca",
    PGSSLROOTCERT: "/tmp/database-ca.pem",
    PGUSER: ref("google_sql_user.administrator.name"),
  };
  return {
    image: ref("var.psql_image"),
    command: [command!],
    args,
    env: [
      ...Object.entries(environment).map(([name, value]) => ({ name, value })),
      secretVariable("PGPASSWORD", "administrator"),
      ...databases.map((database) =>
        secretVariable(passwordVariable(database), secretLabel({ kind: "database", database })),
      ),
    ],
  };
}

function provisionSecrets(deployment: Deployment): readonly string[] {
  return ["administrator", ...databaseNames(deployment).map((database) => secretLabel({ kind: "database", database }))];
}
