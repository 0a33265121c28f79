// Variables that all clouds have, and what all variables look like.
import type { Deployment } from "../../deployment/deployment.ts";
import type { Json } from "../../deployment/unit-infra.ts";
import type { SettingValues } from "../../target.ts";
import { type Block, type Body, label, ref, variable } from "./blocks.ts";

/** `test`: an expression that is true of a good value. */
export interface Check {
  readonly test: string;
  readonly message: string;
}

/** Without a default it has to be given. */
export function input(type: string, description: string, options: { default?: Json; check?: Check } = {}): Body {
  const { check } = options;
  const validation = check && { validation: [{ condition: ref(check.test), error_message: check.message }] };
  return {
    type,
    description,
    nullable: options.default === null,
    ...(options.default === undefined ? {} : { default: options.default }),
    ...validation,
  };
}

export interface UnitSize {
  readonly cpu: number;
  readonly memory: number;
  readonly min: number;
  readonly max: number;
}

export function commonVariables(
  deployment: Deployment,
  settings: SettingValues,
  size: UnitSize,
  sizes: string,
): Block[] {
  const names = deployment.units.map(({ name }) => name);
  const known = `[${names.map((name) => `"${name}"`).join(", ")}]`;
  const { cpu, memory, min, max } = size;
  const fields = `cpu = optional(number, ${cpu}), memory = optional(number, ${memory}), min = optional(number, ${min}), max = optional(number, ${max})`;
  return [
    variable(
      "name",
      input("string", "In front of the names of all that is made.", {
        default: deployment.app.slice(0, 20),
        check: nameCheck,
      }),
    ),
    variable(
      "environment",
      input("string", "Name of the environment: production, staging.", { default: "production" }),
    ),
    variable(
      "image_tag",
      input("string", "Tag of the images to run; give each version one of its own.", {
        default: String(settings["tag"]),
      }),
    ),
    variable(
      "units",
      input(`map(object({ ${fields} }))`, `Size and number of replicas by process (${names.join(", ")}). ${sizes}`, {
        default: {},
        check: {
          test: `alltrue([for name in keys(var.units) : contains(${known}, name)])`,
          message: `The processes are ${names.join(", ")}.`,
        },
      }),
    ),
    variable(
      "deletion_protection",
      input("bool", "Refuses to delete the database server and what is public.", { default: true }),
    ),
    variable("tags", input("map(string)", "Put on all that is made.", { default: {} })),
  ];
}

/** One field of a unit's size: `var.units` may leave out the unit. */
export function sizeOf(unit: string, size: UnitSize, field: keyof UnitSize): string {
  return ref(`try(var.units["${unit}"].${field}, ${size[field]})`);
}

/** "database_orders" of Terraform names, as a list of references. */
export function addresses(type: string, names: readonly string[]): readonly string[] {
  return names.map((name) => `${type}.${label(name)}`);
}

const nameCheck: Check = {
  test: 'can(regex("^[a-z][a-z0-9-]{0,19}$", var.name))',
  message: "Lower-case letters, digits and dashes, a letter first, 20 at most.",
};
