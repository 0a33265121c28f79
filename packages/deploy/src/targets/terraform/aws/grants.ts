// What each process may do on AWS, from the edges of the graph: statements of its two roles, and ports between security groups. Policies and rules
// are made from this list, and so is the page that explains them.
import { type Deployment, type Edge, edgesOf, type Unit } from "../../../deployment/deployment.ts";
import { label, ref } from "../blocks.ts";
import type { Grant } from "../grant.ts";
import { neededSecrets, secretLabel, type SecretSource } from "../needed-secrets.ts";
import { doorUnit, internalPort, publicPort } from "../process-settings.ts";
import { repositoryOf } from "./images.ts";

/** A statement of `role`: "start" is what ECS uses to start the process, "run" what the process itself is. */
export interface Statement {
  readonly role: "start" | "run";
  readonly unit: string;
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Resources in words. */
  readonly on: string;
  readonly because: readonly Edge[] | string;
}

/** `from` may open connections to `to`, both names of security groups in Terraform. */
export interface Passage {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly because: readonly Edge[] | string;
}

export const databasePort = 5432;
export const cachePort = 6379;

export function statementsOf(deployment: Deployment, isPerUnit: boolean): readonly Statement[] {
  return deployment.units.flatMap((unit) => [
    ...startStatements(unit, isPerUnit),
    ...neededSecrets(deployment, unit).map(({ source, edges }) => secretStatement(unit, source, edges)),
    ...unitBucketStatements(deployment, unit),
  ]);
}

/** What processes do with buckets, wherever they run. */
export function bucketStatementsOf(deployment: Deployment): readonly Statement[] {
  return deployment.units.flatMap((unit) => unitBucketStatements(deployment, unit));
}

function unitBucketStatements(deployment: Deployment, unit: Unit): readonly Statement[] {
  return edgesOf(deployment, unit.name, "bucket").flatMap((edge) =>
    bucketStatements(deployment, unit, edge.bucket, edge),
  );
}

export function passagesOf(deployment: Deployment): readonly Passage[] {
  const door = unitGroup(doorUnit(deployment).name);
  const publicly = "requests from outside come through the load balancer";
  return [
    { from: "load_balancer", to: door, port: publicPort, because: publicly },
    {
      from: "load_balancer",
      to: door,
      port: internalPort,
      because: "the load balancer asks whether the process is ready",
    },
    ...deployment.units.flatMap((unit) => unitPassages(deployment, unit)),
  ];
}

export function unitGroup(unit: string): string {
  return `unit_${label(unit)}`;
}

export function cacheGroup(cache: string): string {
  return `cache_${label(cache)}`;
}

/** Name of a role, and of the policy document that is all it may do. */
export function roleName(unit: string, role: Statement["role"]): string {
  return role === "start" ? `${label(unit)}_start` : label(unit);
}

/** Of the pair of rules of a passage. */
export function passageName({ from, to, port }: Passage): string {
  return `${from}_to_${to}_${port}`;
}

export function grantsOf(statements: readonly Statement[], passages: readonly Passage[]): readonly Grant[] {
  return [
    ...statements.map(({ unit, role, sid, actions, on, because }) => ({
      unit,
      allows: `${actions.join(", ")} on ${on}`,
      address: `data.aws_iam_policy_document.${roleName(unit, role)}, ${sid}`,
      because,
    })),
    ...passages.map((passage) => ({
      unit: passage.from.replace(/^unit_/, ""),
      allows: `connections to ${passage.to}, port ${passage.port}`,
      address: `aws_vpc_security_group_egress_rule.${passageName(passage)}, aws_vpc_security_group_ingress_rule.${passageName(passage)}`,
      because: passage.because,
    })),
  ];
}

function unitPassages(deployment: Deployment, { name }: Unit): readonly Passage[] {
  const from = unitGroup(name);
  const own = deployment.edges.filter((edge) => edge.from === name);
  const toServer = own.filter(({ kind }) => kind === "database" || kind === "publish" || kind === "subscribe");
  return [
    ...edgesOf(deployment, name, "call").map((edge) => ({
      from,
      to: unitGroup(edge.to),
      port: internalPort,
      because: [edge],
    })),
    ...(toServer.length === 0 ? [] : [{ from, to: "database", port: databasePort, because: toServer }]),
    ...edgesOf(deployment, name, "cache").map((edge) => ({
      from,
      to: cacheGroup(edge.cache),
      port: cachePort,
      because: [edge],
    })),
  ];
}

/** Two of them end in a star, since AWS gives no narrower way to say it: a token belongs to no repository, and names of streams are made at start. */
function startStatements(unit: Unit, isPerUnit: boolean): readonly Statement[] {
  const repository = repositoryOf(unit, isPerUnit);
  const group = `aws_cloudwatch_log_group.${label(unit.name)}`;
  const common = { role: "start", unit: unit.name } as const;
  return [
    {
      ...common,
      sid: "AskForRegistryToken",
      actions: ["ecr:GetAuthorizationToken"],
      resources: ["*"],
      on: "the account's registry",
      because: "each process is started from an image; the action knows no narrower resource",
    },
    {
      ...common,
      sid: "PullImage",
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      resources: [ref(`aws_ecr_repository.${repository}.arn`)],
      on: `repository ${repository}`,
      because: "each process is started from an image",
    },
    {
      ...common,
      sid: "WriteLogs",
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [`${ref(`${group}.arn`)}:log-stream:*`],
      on: "streams of its own log group",
      because: "each process writes a log; the names of streams are made when it starts",
    },
  ];
}

function secretStatement(unit: Unit, source: SecretSource, edges: readonly Edge[]): Statement {
  const name = secretLabel(source);
  return {
    role: "start",
    unit: unit.name,
    sid: `Read${sidText(name)}`,
    actions: ["secretsmanager:GetSecretValue"],
    resources: [ref(`aws_secretsmanager_secret.${name}.arn`)],
    on: `secret ${name}`,
    because: edges.length === 0 ? "processes of the app prove themselves to each other with it" : edges,
  };
}

function bucketStatements(deployment: Deployment, unit: Unit, bucket: string, edge: Edge): readonly Statement[] {
  const name = label(bucket);
  const isVersioned = deployment.buckets.some((one) => one.name === bucket && one.isVersioned);
  const arn = ref(`aws_s3_bucket.${name}.arn`);
  const common = { role: "run", unit: unit.name, because: [edge] } as const;
  return [
    {
      ...common,
      sid: `Use${sidText(name)}`,
      actions: [
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        ...(isVersioned ? ["s3:DeleteObjectVersion"] : []),
        "s3:GetObject",
        ...(isVersioned ? ["s3:GetObjectVersion"] : []),
        "s3:PutObject",
      ],
      resources: [`${arn}/*`],
      on: `objects of bucket ${bucket}`,
    },
    { ...common, sid: `List${sidText(name)}`, actions: ["s3:ListBucket"], resources: [arn], on: `bucket ${bucket}` },
  ];
}

/** Letters and digits only. */
export function sidText(name: string): string {
  return name
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}
