// What Terraform files are made of: blocks at a path ("resource", type, name), in Terraform's JSON syntax, which Terraform and OpenTofu read.
import type { Json } from "../../deployment/unit-infra.ts";
import { DeployError } from "../../deploy-error.ts";

export type Body = { readonly [key: string]: Json };

export interface Block {
  /** Keys from the root of the document: ["resource", "aws_vpc", "main"]. */
  readonly path: readonly string[];
  readonly body: Json;
}

export function resource(type: string, name: string, body: Body): Block {
  return { path: ["resource", type, name], body };
}

export function data(type: string, name: string, body: Body): Block {
  return { path: ["data", type, name], body };
}

/** Opened anew by each run and kept in no state. */
export function ephemeral(type: string, name: string, body: Body): Block {
  return { path: ["ephemeral", type, name], body };
}

export function variable(name: string, body: Body): Block {
  return { path: ["variable", name], body };
}

export function output(name: string, description: string, value: Json): Block {
  return { path: ["output", name], body: { description, value } };
}

export function local(name: string, value: Json): Block {
  return { path: ["locals", name], body: value };
}

/** `expression` as Terraform evaluates it inside a text. */
export function ref(expression: string): string {
  return `\${${expression}}`;
}

/** A name in Terraform: letters, digits and underscores, not a digit first. */
export function label(text: string): string {
  const name = text.replaceAll(/[^A-Za-z0-9_]+/g, "_");
  return /^[0-9]/.test(name) ? `_${name}` : name;
}

/** Sorted by path. Throws DeployError `name_not_deployable` where two things would have one name. */
export function documentOf(blocks: readonly Block[]): Body {
  const root: Record<string, unknown> = {};
  for (const { path, body } of blocks.toSorted(byPath)) {
    let place = root;
    for (const key of path.slice(0, -1)) {
      place[key] ??= {};
      place = place[key] as Record<string, unknown>;
    }
    const last = path.at(-1)!;
    if (Object.hasOwn(place, last)) throw sameName(path);
    place[last] = body;
  }
  return root as Body;
}

function byPath(a: Block, b: Block): number {
  const [one, other] = [a.path.join(" "), b.path.join(" ")];
  return one < other ? -1 : one > other ? 1 : 0;
}

function sameName(path: readonly string[]): DeployError {
  return new DeployError(
    "name_not_deployable",
    `two things would be called ${path.slice(1).join(".")} in Terraform`,
    "Names of the app that differ only in signs other than letters and digits are the same there: name one otherwise.",
  );
}
