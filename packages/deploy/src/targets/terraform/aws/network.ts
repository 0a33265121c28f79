// A security group for each process, the load balancer, the database server and each cache; between them only the passages given.
import type { Deployment } from "../../../deployment/deployment.ts";
import { type Block, type Body, ref, resource } from "../blocks.ts";
import { cacheGroup, type Passage, passageName, unitGroup } from "./grants.ts";

export function networkBlocks(
  deployment: Deployment,
  passages: readonly Passage[],
  hasDatabase: boolean,
  otlpPort: number | undefined,
): readonly Block[] {
  const units = deployment.units.map(({ name }) => unitGroup(name));
  const others = [
    ...(hasDatabase ? ["database", "provision"] : []),
    ...deployment.caches.map(({ name }) => cacheGroup(name)),
  ];
  return [
    ...["load_balancer", ...units, ...others].map((name) => group(name, ref("var.vpc_id"))),
    ...passages.flatMap(passageBlocks),
    ...publicPorts(),
    ...[...units, ...(hasDatabase ? ["provision"] : [])].map((name) =>
      outward(name, "https", 443, "Images, secrets, logs and other services of AWS, and what the code asks outside."),
    ),
    ...(otlpPort === undefined || otlpPort === 443
      ? []
      : units.map((name) => outward(name, "telemetry", otlpPort, "Traces and metrics to the collector."))),
    resource("aws_service_discovery_private_dns_namespace", "main", {
      name: `${ref("var.name")}.internal`,
      description: "Where processes of the app find each other.",
      vpc: ref("var.vpc_id"),
    }),
  ];
}

export function group(name: string, vpcId: string): Block {
  return resource("aws_security_group", name, {
    name: `${ref("var.name")}-${name.replaceAll("_", "-")}`,
    description: `${name} of ${ref("var.name")}`,
    vpc_id: vpcId,
  });
}

/** AWS looks at both ends of a connection. */
function passageBlocks(passage: Passage): readonly Block[] {
  const { from, to, port } = passage;
  const name = passageName(passage);
  return [
    resource("aws_vpc_security_group_egress_rule", name, {
      security_group_id: groupId(from),
      referenced_security_group_id: groupId(to),
      ...tcp(port),
    }),
    resource("aws_vpc_security_group_ingress_rule", name, {
      security_group_id: groupId(to),
      referenced_security_group_id: groupId(from),
      ...tcp(port),
    }),
  ];
}

function publicPorts(): readonly Block[] {
  return [443, 80].map((port) =>
    resource("aws_vpc_security_group_ingress_rule", `public_${port}`, {
      for_each: ref("toset(var.public_cidrs)"),
      description: port === 80 ? "Is sent on to HTTPS." : "The app.",
      security_group_id: groupId("load_balancer"),
      cidr_ipv4: ref("each.value"),
      ...tcp(port),
    }),
  );
}

function outward(name: string, what: string, port: number, description: string): Block {
  return resource("aws_vpc_security_group_egress_rule", `${name}_${what}`, {
    description,
    security_group_id: groupId(name),
    cidr_ipv4: "0.0.0.0/0",
    ...tcp(port),
  });
}

export function tcp(port: number): Body {
  return { ip_protocol: "tcp", from_port: port, to_port: port };
}

export function groupId(name: string): string {
  return ref(`aws_security_group.${name}.id`);
}
