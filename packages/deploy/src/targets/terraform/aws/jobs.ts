// What runs before the new version: databases and roles are made, then each database is migrated. Terraform runs these tasks in this order through
// the AWS command line and goes on to the services only when they ended well.
import type { Deployment, Unit } from "../../../deployment/deployment.ts";
import { passwordVariable } from "../../../deployment/variables.ts";
import type { SettingValues } from "../../../target.ts";
import { type Block, type Body, label, ref, resource } from "../blocks.ts";
import { databaseNames, secretLabel } from "../needed-secrets.ts";
import { migrateArguments, migratedBlock, migratingUnits } from "../process-settings.ts";
import { provisionCommand } from "../provision-script.ts";
import { databasePort, type Passage, type Statement, unitGroup } from "./grants.ts";
import { role } from "./identities.ts";
import { startNeeds } from "./services.ts";
import { commonParts, logGroup, logsOf, taskBlocks, unitContainer } from "./tasks.ts";

const why =
  "makes databases and their roles before a version starts; it has the administrator's password, and is no process of the app";

export function provisionStatements(deployment: Deployment): readonly Statement[] {
  const common = { role: "start", unit: "provision", because: why } as const;
  const names = databaseNames(deployment).map((database) => secretLabel({ kind: "database", database }));
  return [
    {
      ...common,
      sid: "WriteLogs",
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [`${ref("aws_cloudwatch_log_group.provision.arn")}:log-stream:*`],
      on: "streams of its own log group",
    },
    {
      ...common,
      sid: "ReadPasswords",
      actions: ["secretsmanager:GetSecretValue"],
      resources: [administrator, ...names.map((name) => ref(`aws_secretsmanager_secret.${name}.arn`))],
      on: `the administrator's secret and ${names.join(", ")}`,
    },
  ];
}

export const provisionPassages: readonly Passage[] = [
  { from: "provision", to: "database", port: databasePort, because: why },
];

export function jobBlocks(
  deployment: Deployment,
  settings: SettingValues,
  statements: readonly Statement[],
  passages: readonly Passage[],
): readonly Block[] {
  const names = databaseNames(deployment);
  if (names.length === 0) return [];
  const passwords = names.map((database) => secretLabel({ kind: "database", database }));
  return [
    logGroup("provision", "provision"),
    ...role("provision", "start", statements, `${ref("var.name")}-provision-start`),
    ...taskBlocks({
      name: "provision",
      family: "provision",
      cpu: "256",
      memory: "512",
      startRole: "provision_start",
      containers: [provisionContainer(names)],
    }),
    taskRun("provision", "provision", {
      // New passwords reach the server by it.
      triggers: [ref("var.secrets_version")],
      dependsOn: [
        ...passwords.map((name) => `aws_secretsmanager_secret_version.${name}`),
        "aws_iam_role_policy.provision_start",
        "aws_vpc_security_group_egress_rule.provision_https",
        "aws_vpc_security_group_egress_rule.provision_to_database_5432",
        "aws_vpc_security_group_ingress_rule.provision_to_database_5432",
      ],
    }),
    ...migratingUnits(deployment).flatMap((unit) =>
      migration(deployment, unit, settings, startNeeds(deployment, unit, passages)),
    ),
    migratedBlock(deployment),
  ];
}

function migration(
  deployment: Deployment,
  unit: Unit,
  settings: SettingValues,
  needs: readonly string[],
): readonly Block[] {
  const own = label(unit.name);
  return [
    ...taskBlocks({
      ...commonParts(unit),
      name: `migrate_${own}`,
      family: `migrate-${unit.name}`,
      containers: [unitContainer(deployment, unit, settings, migrateArguments(unit))],
    }),
    taskRun(`migrate_${own}`, unitGroup(unit.name), {
      triggers: [],
      dependsOn: ["terraform_data.provision", ...needs],
    }),
  ];
}

/** Run again when the definition changes. */
function taskRun(
  name: string,
  group: string,
  { triggers, dependsOn }: { readonly triggers: readonly string[]; readonly dependsOn: readonly string[] },
): Block {
  const definition = ref(`aws_ecs_task_definition.${name}.arn`);
  return resource("terraform_data", name, {
    triggers_replace: [definition, ...triggers],
    provisioner: [
      {
        "local-exec": {
          command: "sh ./run-task.sh",
          working_dir: ref("path.module"),
          environment: {
            AWS_REGION: ref("var.region"),
            CLUSTER: ref("aws_ecs_cluster.main.arn"),
            TASK_DEFINITION: definition,
            NETWORK: ref(
              `jsonencode({ awsvpcConfiguration = { subnets = var.private_subnet_ids, securityGroups = [aws_security_group.${group}.id], assignPublicIp = "DISABLED" } })`,
            ),
          },
        },
      },
    ],
    depends_on: dependsOn,
  });
}

function provisionContainer(databases: readonly string[]): Body {
  const environment = {
    DATABASE_CA: ref("data.http.database_ca.response_body"),
    PGHOST: ref("aws_db_instance.main.address"),
    PGPORT: String(databasePort),
    PGSSLMODE: "verify-full",
    PGSSLROOTCERT: "/tmp/database-ca.pem",
    PGUSER: ref("aws_db_instance.main.username"),
  };
  return {
    name: "main",
    image: ref("var.psql_image"),
    command: provisionCommand(databases, 'printf \'%s\' "$DATABASE_CA" > "$PGSSLROOTCERT"'),
    essential: true,
    environment: Object.entries(environment).map(([name, value]) => ({ name, value })),
    secrets: [
      { name: "PGPASSWORD", valueFrom: `${administrator}:password::` },
      ...databases.map((database) => ({
        name: passwordVariable(database),
        valueFrom: ref(`aws_secretsmanager_secret.${secretLabel({ kind: "database", database })}.arn`),
      })),
    ],
    logConfiguration: logsOf("provision"),
  };
}

const administrator = ref("aws_db_instance.main.master_user_secret[0].secret_arn");

/** Runs one task to its end, and fails where it fails. */
export const runTaskScript = `#!/bin/sh
# Runs one ECS task to its end and fails where the task fails. Terraform gives CLUSTER, TASK_DEFINITION and NETWORK.
set -eu

task=$(aws ecs run-task --cluster "$CLUSTER" --task-definition "$TASK_DEFINITION" --launch-type FARGATE \\
  --network-configuration "$NETWORK" --query 'tasks[0].taskArn' --output text)
if [ -z "$task" ] || [ "$task" = None ]; then
  echo "ECS did not start $TASK_DEFINITION" >&2
  exit 1
fi

# One wait lasts ten minutes at most; a migration may take longer.
tries=0
until aws ecs wait tasks-stopped --cluster "$CLUSTER" --tasks "$task"; do
  tries=$((tries + 1))
  if [ "$tries" -ge 12 ]; then
    echo "$task has not ended; it goes on" >&2
    exit 1
  fi
done

code=$(aws ecs describe-tasks --cluster "$CLUSTER" --tasks "$task" --query 'tasks[0].containers[0].exitCode' --output text)
if [ "$code" != 0 ]; then
  reason=$(aws ecs describe-tasks --cluster "$CLUSTER" --tasks "$task" --query 'tasks[0].stoppedReason' --output text)
  echo "$task ended with $code ($reason); its log is in CloudWatch" >&2
  exit 1
fi
`;
