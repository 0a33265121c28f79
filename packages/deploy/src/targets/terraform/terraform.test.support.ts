// The sample app as Terraform files, read back the way Terraform would: one document of all `.tf.json`, with what its expressions name.
import { deriveDeployment } from "../../deployment/derive-deployment.ts";
import type { Placement } from "../../deployment/placement.ts";
import { sampleGraph } from "../../deployment/sample-graph.test.support.ts";
import { readSettings } from "../../settings.ts";
import type { TargetInput } from "../../target.ts";
import { render } from "./render.ts";
import { type CloudName, clouds } from "./settings.ts";
import { terraformTarget } from "./target.ts";

export type Body = Readonly<Record<string, unknown>>;
type Named = Readonly<Record<string, Body>>;

export interface Configuration {
  readonly resource: Readonly<Record<string, Named>>;
  readonly data: Readonly<Record<string, Named>>;
  readonly ephemeral: Readonly<Record<string, Named>>;
  readonly variable: Named;
  readonly locals: Readonly<Record<string, unknown>>;
  readonly output: Named;
  readonly terraform: Body;
}

export function sampleInput(
  cloud: CloudName,
  placement: Placement = "per-service",
  given: Body = {},
  graph = sampleGraph,
): TargetInput {
  const settings = readSettings(terraformTarget, { cloud, ...given }, {});
  return { deployment: deriveDeployment(graph, placement), graph, settings };
}

export function configurationOf(input: TargetInput): Configuration {
  const whole: Record<string, unknown> = {
    resource: {},
    data: {},
    ephemeral: {},
    variable: {},
    locals: {},
    output: {},
  };
  for (const { path, text } of render(input)) {
    if (path.endsWith(".tf.json")) mergeInto(whole, JSON.parse(text));
  }
  return whole as unknown as Configuration;
}

/** The texts of a value, at any depth. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** "aws_vpc.main", "data.http.ca", "var.name": what the expressions of a text name. */
export function namesIn(text: string): string[] {
  const expressions = [...text.matchAll(/\$\{((?:[^{}"]|"(?:[^"\\$]|\$\{[^}]*\}|\\.)*"|\{[^}]*\})*)\}/g)].map(
    (match) => match[1]!,
  );
  const found = expressions.flatMap((expression) => [
    ...expression.matchAll(
      /\b(?:(?:data|ephemeral)\.[a-z0-9_]+|var|local|(?:aws|google|azurerm|random)_[a-z0-9_]+|terraform_data)\.[A-Za-z0-9_]+/g,
    ),
  ]);
  return found.map(([name]) => name);
}

/** Of all that may be named. */
export function declaredNames(all: Configuration): ReadonlySet<string> {
  const inBlocks = (blocks: Readonly<Record<string, Named>>, prefix: string) =>
    Object.entries(blocks).flatMap(([type, named]) => Object.keys(named).map((name) => `${prefix}${type}.${name}`));
  return new Set([
    ...inBlocks(all.resource, ""),
    ...inBlocks(all.data, "data."),
    ...inBlocks(all.ephemeral, "ephemeral."),
    ...Object.keys(all.variable).map((name) => `var.${name}`),
    ...Object.keys(all.locals).map((name) => `local.${name}`),
  ]);
}

/** Settings under which other resources are written; Azure has no broker that Tenon can use. */
export function variantsOf(cloud: CloudName): readonly Body[] {
  const brokers = cloud === "azure" ? ["postgres"] : ["postgres", "managed"];
  return ["containers", "kubernetes"].flatMap((runsOn) => brokers.map((broker) => ({ runsOn, broker })));
}

/** "aws_vpc", "data.aws_region": types of all that is written for the sample app in any cloud. */
export function sampleTypes(): ReadonlySet<string> {
  const all = clouds.flatMap((cloud) =>
    variantsOf(cloud).map((given) => configurationOf(sampleInput(cloud, "per-service", given))),
  );
  const typesOf = (kind: "resource" | "data" | "ephemeral") => {
    const prefix = kind === "resource" ? "" : `${kind}.`;
    return all.flatMap((one) => Object.keys(one[kind]).map((type) => `${prefix}${type}`));
  };
  return new Set([...typesOf("resource"), ...typesOf("data"), ...typesOf("ephemeral")]);
}

/** Of the resources of one type, by name. */
export function resourcesOf(all: Configuration, type: string): readonly (readonly [string, Body])[] {
  return Object.entries(all.resource[type] ?? {});
}

function mergeInto(target: Record<string, unknown>, source: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(source)) {
    const before = target[key];
    const isBranch = typeof before === "object" && before !== null && typeof value === "object" && value !== null;
    if (isBranch && !Array.isArray(before))
      mergeInto(before as Record<string, unknown>, value as Record<string, unknown>);
    else target[key] = value;
  }
}
