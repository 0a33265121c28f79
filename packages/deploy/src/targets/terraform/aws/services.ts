// ECS services: a process with its replicas, their names in DNS, and how many there are.
import type { Deployment, Unit } from "../../../deployment/deployment.ts";
import { type Block, type Body, label, ref, resource } from "../blocks.ts";
import { generatedSecrets } from "../needed-secrets.ts";
import { migrationsNeeded, publicPort } from "../process-settings.ts";
import { sizeOf } from "../variables.ts";
import { type Passage, passageName, roleName, unitGroup } from "./grants.ts";
import { usualSize } from "./tasks.ts";

/** `needs`: of a process by its name, beside what all need. */
export function serviceBlocks(
  deployment: Deployment,
  passages: readonly Passage[],
  needs: (unit: string) => readonly string[],
): readonly Block[] {
  return [
    resource("aws_ecs_cluster", "main", {
      name: ref("var.name"),
      setting: [{ name: "containerInsights", value: "enabled" }],
    }),
    ...deployment.units.flatMap((unit) => [
      service(unit, [...migrationsNeeded(deployment), ...needs(unit.name), ...startNeeds(deployment, unit, passages)]),
      ...(unit.kind === "services" ? [discovery(unit)] : []),
      ...scaling(unit),
    ]),
  ];
}

export function internalUrl(unit: string, port: number): string {
  return `http://${unit}.${ref("aws_service_discovery_private_dns_namespace.main.name")}:${port}`;
}

function service(unit: Unit, needs: readonly string[]): Block {
  const name = label(unit.name);
  const isDoor = unit.kind !== "services";
  return resource("aws_ecs_service", name, {
    name: unit.name,
    cluster: ref("aws_ecs_cluster.main.id"),
    task_definition: ref(`aws_ecs_task_definition.${name}.arn`),
    launch_type: "FARGATE",
    desired_count: sizeOf(unit.name, usualSize, "min"),
    // New replicas are well before old ones are told to stop.
    deployment_minimum_healthy_percent: 100,
    deployment_maximum_percent: 200,
    deployment_circuit_breaker: [{ enable: true, rollback: true }],
    wait_for_steady_state: true,
    enable_ecs_managed_tags: true,
    propagate_tags: "SERVICE",
    network_configuration: [networkOf(unitGroup(unit.name))],
    ...(isDoor
      ? doorSettings()
      : { service_registries: [{ registry_arn: ref(`aws_service_discovery_service.${name}.arn`) }] }),
    // Autoscaling decides.
    lifecycle: [{ ignore_changes: ["desired_count"] }],
    depends_on: [...(isDoor ? ["aws_lb_listener.https"] : []), ...needs],
  });
}

/** What has to be allowed before a process of the unit can start. */
export function startNeeds(deployment: Deployment, unit: Unit, passages: readonly Passage[]): readonly string[] {
  const { name } = unit;
  const group = unitGroup(name);
  const own = passages.filter(({ from }) => from === group).map(passageName);
  return [
    `aws_iam_role_policy.${roleName(name, "start")}`,
    ...generatedSecrets(deployment, unit).map((secret) => `aws_secretsmanager_secret_version.${secret}`),
    `aws_vpc_security_group_egress_rule.${group}_https`,
    ...own.flatMap((rule) => [
      `aws_vpc_security_group_egress_rule.${rule}`,
      `aws_vpc_security_group_ingress_rule.${rule}`,
    ]),
  ];
}

export function networkOf(group: string): Body {
  return {
    subnets: ref("var.private_subnet_ids"),
    security_groups: [ref(`aws_security_group.${group}.id`)],
    assign_public_ip: false,
  };
}

function doorSettings(): Body {
  return {
    load_balancer: [
      { target_group_arn: ref("aws_lb_target_group.door.arn"), container_name: "main", container_port: publicPort },
    ],
    health_check_grace_period_seconds: 60,
  };
}

function discovery({ name }: Unit): Block {
  return resource("aws_service_discovery_service", label(name), {
    name,
    dns_config: [
      {
        namespace_id: ref("aws_service_discovery_private_dns_namespace.main.id"),
        routing_policy: "MULTIVALUE",
        // Who asks for a connection learns within a second that a replica has gone.
        dns_records: [{ type: "A", ttl: 1 }],
      },
    ],
  });
}

function scaling({ name }: Unit): readonly Block[] {
  const own = label(name);
  const target = `aws_appautoscaling_target.${own}`;
  return [
    resource("aws_appautoscaling_target", own, {
      service_namespace: "ecs",
      scalable_dimension: "ecs:service:DesiredCount",
      resource_id: `service/${ref("aws_ecs_cluster.main.name")}/${ref(`aws_ecs_service.${own}.name`)}`,
      min_capacity: sizeOf(name, usualSize, "min"),
      max_capacity: sizeOf(name, usualSize, "max"),
    }),
    resource("aws_appautoscaling_policy", own, {
      name: "cpu",
      policy_type: "TargetTrackingScaling",
      service_namespace: ref(`${target}.service_namespace`),
      scalable_dimension: ref(`${target}.scalable_dimension`),
      resource_id: ref(`${target}.resource_id`),
      target_tracking_scaling_policy_configuration: [
        {
          target_value: 60,
          predefined_metric_specification: [{ predefined_metric_type: "ECSServiceAverageCPUUtilization" }],
        },
      ],
    }),
  ];
}
