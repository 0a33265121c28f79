// Task definitions: what runs in the containers of ECS.
import type { Deployment, Unit } from "../../../deployment/deployment.ts";
import type { Json } from "../../../deployment/unit-infra.ts";
import type { SettingValues } from "../../../target.ts";
import { type Block, type Body, label, local, ref, resource } from "../blocks.ts";
import { neededSecrets, secretLabel } from "../needed-secrets.ts";
import {
  environmentOf,
  healthPath,
  internalPort,
  publicPort,
  startArguments,
  stopSeconds,
} from "../process-settings.ts";
import { sizeOf, type UnitSize } from "../variables.ts";
import { roleName } from "./grants.ts";
import { imageOf } from "./images.ts";

/** CPU in shares of 1024, memory in MiB, in the pairs that Fargate knows. */
export const usualSize: UnitSize = { cpu: 256, memory: 512, min: 2, max: 6 };

export interface TaskParts {
  /** Name in Terraform. */
  readonly name: string;
  /** After `var.name`, in ECS. */
  readonly family: string;
  readonly cpu: Json;
  readonly memory: Json;
  readonly startRole: string;
  /** Absent: what runs asks nothing of AWS. */
  readonly runRole?: string;
  readonly containers: readonly Body[];
}

export function taskBlocks(parts: TaskParts): readonly Block[] {
  const { name, family, cpu, memory, startRole, runRole, containers } = parts;
  return [
    local(`containers_${name}`, containers),
    resource("aws_ecs_task_definition", name, {
      family: `${ref("var.name")}-${family}`,
      requires_compatibilities: ["FARGATE"],
      network_mode: "awsvpc",
      runtime_platform: [{ operating_system_family: "LINUX", cpu_architecture: ref("var.architecture") }],
      // A deployment that is taken back needs the one before.
      skip_destroy: true,
      cpu,
      memory,
      execution_role_arn: ref(`aws_iam_role.${startRole}.arn`),
      ...(runRole === undefined ? {} : { task_role_arn: ref(`aws_iam_role.${runRole}.arn`) }),
      container_definitions: ref(`jsonencode(local.containers_${name})`),
    }),
  ];
}

/** The process itself; `migrate` and others run with the very same settings, but another command and no ports. */
export function unitTask(deployment: Deployment, unit: Unit, settings: SettingValues): readonly Block[] {
  const ports = unit.kind === "services" ? [internalPort] : [publicPort, internalPort];
  return taskBlocks({
    ...commonParts(unit),
    name: label(unit.name),
    family: unit.name,
    containers: [
      {
        ...unitContainer(deployment, unit, settings, startArguments(unit)),
        portMappings: ports.map((port) => ({ containerPort: port, hostPort: port, protocol: "tcp" })),
        healthCheck: {
          command: ["CMD", "node", "-e", healthProgram],
          interval: 10,
          timeout: 5,
          retries: 3,
          startPeriod: 30,
        },
      },
    ],
  });
}

export function commonParts({ name }: Unit): Pick<TaskParts, "cpu" | "memory" | "startRole" | "runRole"> {
  return {
    cpu: sizeOf(name, usualSize, "cpu"),
    memory: sizeOf(name, usualSize, "memory"),
    startRole: roleName(name, "start"),
    runRole: roleName(name, "run"),
  };
}

export function unitContainer(
  deployment: Deployment,
  unit: Unit,
  settings: SettingValues,
  command: readonly string[],
): Body {
  const environment = Object.entries(environmentOf(unit, settings));
  return {
    name: "main",
    image: imageOf(unit, settings["perUnitImages"] === true),
    command,
    essential: true,
    user: "65532:65532",
    readonlyRootFilesystem: true,
    linuxParameters: {
      capabilities: { drop: ["ALL"] },
      tmpfs: [{ containerPath: "/tmp", size: 64, mountOptions: ["nosuid", "nodev"] }],
    },
    stopTimeout: stopSeconds,
    environment: environment.map(([name, value]) => ({ name, value })),
    secrets: neededSecrets(deployment, unit).map(({ source, variable }) => ({
      name: variable,
      valueFrom: ref(`aws_secretsmanager_secret.${secretLabel(source)}.arn`),
    })),
    logConfiguration: logsOf(label(unit.name)),
  };
}

export function logsOf(group: string): Body {
  return {
    logDriver: "awslogs",
    options: {
      "awslogs-group": ref(`aws_cloudwatch_log_group.${group}.name`),
      "awslogs-region": ref("var.region"),
      "awslogs-stream-prefix": "ecs",
    },
  };
}

export function logGroup(name: string, awsName: string): Block {
  return resource("aws_cloudwatch_log_group", name, {
    name: `/${ref("var.name")}/${awsName}`,
    retention_in_days: ref("var.log_days"),
  });
}

const healthProgram = `fetch("http://127.0.0.1:${internalPort}${healthPath}").then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`;
