// Variables that all clouds have, and what all variables look like.
import { DeployError } from "../../deploy-error.ts";
import type { Deployment } from "../../deployment/deployment.ts";
import type { Json } from "../../deployment/unit-infra.ts";
import type { SettingValues } from "../../target.ts";
import { type Block, type Body, ref, variable } from "./blocks.ts";

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

/** What has a name, whatever it runs on. Throws DeployError `name_not_deployable`. */
export function baseVariables(deployment: Deployment, limit: NameLimit): Block[] {
  return [
    nameVariable(deployment, limit),
    variable(
      "environment",
      input("string", "Name of the environment: production, staging.", { default: "production" }),
    ),
    variable(
      "deletion_protection",
      input("bool", "Refuses to delete the database server and what is public.", { default: true }),
    ),
    variable("tags", input("map(string)", "Put on all that is made.", { default: {} })),
  ];
}

/** Of what runs in the cloud's container service, too. Throws DeployError `name_not_deployable`. */
export function commonVariables(
  deployment: Deployment,
  settings: SettingValues,
  size: UnitSize,
  sizes: string,
  limit: NameLimit,
): Block[] {
  const names = deployment.units.map(({ name }) => name);
  const known = `[${names.map((name) => `"${name}"`).join(", ")}]`;
  const { cpu, memory, min, max } = size;
  const fields = `cpu = optional(number, ${cpu}), memory = optional(number, ${memory}), min = optional(number, ${min}), max = optional(number, ${max})`;
  return [
    ...baseVariables(deployment, limit),
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
  ];
}

/** Of names with a process in them. */
export interface NameLimit {
  readonly most: number;
  /** Characters beside the two names and the dash between them. */
  readonly suffix: number;
}

/** One field of a unit's size: `var.units` may leave out the unit. */
export function sizeOf(unit: string, size: UnitSize, field: keyof UnitSize): string {
  return ref(`try(var.units["${unit}"].${field}, ${size[field]})`);
}

/** Of `var.name`, after which a dash, `suffix` characters and the name of a process follow in names of at most `most` characters. */
function longestName({ units }: Deployment, { most, suffix }: NameLimit): number {
  const longest = units.map(({ name }) => name).toSorted((a, b) => b.length - a.length)[0]!;
  const length = Math.min(20, most - suffix - 1 - longest.length);
  if (length >= 3) return length;
  throw new DeployError(
    "name_not_deployable",
    `the name of the process "${longest}" leaves no room for the app's in names of ${most} characters, which this cloud allows`,
    'Give it a shorter one: a group in "placement" of tenon.json.',
  );
}

function nameVariable({ app, ...deployment }: Deployment, limit: NameLimit): Block {
  const length = longestName({ app, ...deployment }, limit);
  const body = input("string", "In front of the names of all that is made.", {
    default: app.slice(0, length).replace(/-+$/, ""),
    check: {
      test: `can(regex("^[a-z][a-z0-9-]{0,${length - 1}}$", var.name))`,
      message: `Lower-case letters, digits and dashes, a letter first, ${length} at most.`,
    },
  });
  return variable("name", body);
}
