// What is written agrees with the schemas that the providers publish (packages/deploy/fixtures/terraform, kept by scripts/terraform-schemas.mjs):
// no argument that a resource does not know, none missing that it requires, none of another type, and no reference to an attribute that it lacks.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { clouds } from "./settings.ts";
import {
  type Body,
  type Configuration,
  configurationOf,
  sampleInput,
  textsIn,
  variantsOf,
} from "./terraform.test.support.ts";

type Arguments = Readonly<Record<string, { readonly type: string; readonly required?: true }>>;
interface Schema {
  readonly arguments: Arguments;
  readonly blocks: Readonly<Record<string, Arguments>>;
  readonly attributes: readonly string[];
}

const schemas = new Map<string, Schema>(
  ["aws", "google", "azurerm"].flatMap((provider) => {
    const file = new URL(`../../../fixtures/terraform/${provider}.json`, import.meta.url);
    return Object.entries((JSON.parse(readFileSync(file, "utf8")) as { schemas: Record<string, Schema> }).schemas);
  }),
);

/** The packages know nothing of these, or have no package: Terraform's own, and what runs keep in no state. */
const withoutSchema = [
  "data.http",
  "ephemeral.azurerm_key_vault_secret",
  "ephemeral.google_secret_manager_secret_version",
  "ephemeral.random_password",
  "terraform_data",
];
/** Terraform's own arguments. */
const metaArguments = new Set(["count", "depends_on", "for_each", "lifecycle", "provisioner"]);

for (const cloud of clouds) {
  for (const [placement, given] of [
    ...variantsOf(cloud).map((variant) => ["per-service", variant] as const),
    ["single", { perUnitImages: true }] as const,
  ]) {
    const all = configurationOf(sampleInput(cloud, placement, given));
    const name = `${cloud}, ${placement}, ${JSON.stringify(given)}`;

    test(`${name}: arguments are those that the provider knows`, () => {
      const problems: string[] = [];
      let checked = 0;
      for (const [type, name, body] of blocksOf(all)) {
        const schema = schemas.get(type);
        if (schema === undefined) {
          assert.ok(withoutSchema.includes(type), type);
          continue;
        }
        checked++;
        problems.push(...problemsOf(body, schema.arguments, schema, `${type}.${name}`));
      }
      assert.ok(checked > 20);
      assert.deepEqual(problems, []);
    });

    test(`${name}: references are to attributes that the provider gives`, () => {
      const problems: string[] = [];
      for (const text of textsIn(all)) {
        for (const [, prefix = "", type, attribute] of text.matchAll(
          /\b(data\.|ephemeral\.)?((?:aws|google|azurerm)_[a-z0-9_]+)\.[A-Za-z0-9_]+\.([a-z0-9_]+)/g,
        )) {
          const schema = schemas.get(`${prefix}${type}`);
          if (schema === undefined) assert.ok(withoutSchema.includes(`${prefix}${type}`), `${prefix}${type}`);
          else if (!schema.attributes.includes(camelCase(attribute!)))
            problems.push(`${prefix}${type} has no ${attribute}`);
        }
      }
      assert.deepEqual([...new Set(problems)], []);
    });
  }
}

test("the check finds what is wrong", () => {
  const schema = schemas.get("aws_ecs_service")!;
  const wrong = { cluster: 1, desired: 2, network_configuration: [{ subnet: [] }], load_balancer: "x" };
  assert.deepEqual(problemsOf(wrong, schema.arguments, schema, "s"), [
    "s.cluster must be string",
    "s.desired is not known",
    "s.network_configuration[0].subnet is not known",
    "s.network_configuration[0].subnets is missing",
    "s.load_balancer must be EcsServiceLoadBalancer[]",
    "s.name is missing",
  ]);
});

function* blocksOf(all: Configuration): Generator<[type: string, name: string, body: Body]> {
  for (const kind of ["resource", "data", "ephemeral"] as const) {
    for (const [type, named] of Object.entries(all[kind])) {
      for (const [name, body] of Object.entries(named))
        yield [kind === "resource" ? type : `${kind}.${type}`, name, body];
    }
  }
}

function problemsOf(body: Body, known: Arguments, schema: Schema, at: string): string[] {
  const problems = Object.entries(body).flatMap(([name, value]) => {
    if (metaArguments.has(name)) return [];
    const argument = known[name];
    return argument === undefined
      ? [`${at}.${name} is not known`]
      : valueProblems(value, argument.type, schema, `${at}.${name}`);
  });
  const missing = Object.entries(known).filter(([name, { required }]) => required === true && body[name] === undefined);
  return [...problems, ...missing.map(([name]) => `${at}.${name} is missing`)];
}

function valueProblems(value: unknown, type: string, schema: Schema, at: string): string[] {
  // What it is shows when Terraform evaluates it.
  if (typeof value === "string" && /^\$\{.*\}$/s.test(value)) return [];
  const block = schema.blocks[type.replace(/\[\]$/, "")];
  if (block !== undefined) {
    if (!Array.isArray(value)) return [`${at} must be ${type}`];
    const several = value.length > 1 && !type.endsWith("[]") ? [`${at} is one block`] : [];
    return [...several, ...value.flatMap((one, index) => problemsOf(one as Body, block, schema, `${at}[${index}]`))];
  }
  return isOfType(value, type) ? [] : [`${at} must be ${type}`];
}

function isOfType(value: unknown, type: string): boolean {
  if (type.endsWith("[]")) return Array.isArray(value) && value.every((one) => isOfType(one, type.slice(0, -2)));
  if (type === "map") return typeof value === "object" && value !== null && !Array.isArray(value);
  // Terraform makes a text of a number.
  if (type === "string") return typeof value === "string";
  if (type === "number" || type === "boolean")
    return typeof value === type || (typeof value === "string" && value.includes("${"));
  return true;
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
