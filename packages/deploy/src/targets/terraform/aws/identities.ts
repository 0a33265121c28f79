// Two roles for each process: the one that ECS starts it with, and the one that it is. All they may do is in the statements given.
import type { Unit } from "../../../deployment/deployment.ts";
import { type Block, data, label, ref, resource } from "../blocks.ts";
import { roleName, type Statement } from "./grants.ts";

export function identityBlocks(units: readonly Unit[], statements: readonly Statement[]): readonly Block[] {
  return [
    data("aws_iam_policy_document", "assume_by_tasks", {
      statement: [
        { actions: ["sts:AssumeRole"], principals: [{ type: "Service", identifiers: ["ecs-tasks.amazonaws.com"] }] },
      ],
    }),
    ...units.flatMap(({ name }) => [
      ...role(name, "start", statements, `${ref("var.name")}-${name}-start`),
      ...role(name, "run", statements, `${ref("var.name")}-${name}`),
    ]),
  ];
}

/** `assumedBy`: the policy document with who may be it. */
export function role(
  unit: string,
  kind: Statement["role"],
  statements: readonly Statement[],
  awsName: string,
  assumedBy = "assume_by_tasks",
): readonly Block[] {
  const name = roleName(unit, kind);
  const own = statements.filter((one) => one.unit === unit && one.role === kind);
  const roleBlock = resource("aws_iam_role", name, {
    name: awsName,
    assume_role_policy: ref(`data.aws_iam_policy_document.${assumedBy}.json`),
  });
  if (own.length === 0) return [roleBlock];
  return [
    roleBlock,
    data("aws_iam_policy_document", name, {
      statement: own.map(({ sid, actions, resources }) => ({ sid, actions, resources })),
    }),
    resource("aws_iam_role_policy", name, {
      name: "allowed",
      role: ref(`aws_iam_role.${name}.id`),
      policy: ref(`data.aws_iam_policy_document.${name}.json`),
    }),
  ];
}

/** ARN of a role of a process. */
export function roleArn(unit: string, kind: Statement["role"]): string {
  return ref(`aws_iam_role.${roleName(label(unit), kind)}.arn`);
}
