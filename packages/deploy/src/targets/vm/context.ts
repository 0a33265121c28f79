// What every file of this target is made from, and what of it does not go together.
import { DeployError } from "../../deploy-error.ts";
import { type Deployment, edgesOf, type Unit } from "../../deployment/deployment.ts";
import type { TargetInput } from "../../target.ts";
import { plainName } from "./names.ts";
import { passwordVariable } from "../../deployment/variables.ts";
import { readVmSettings, type VmSettings } from "./settings.ts";

export interface VmContext {
  readonly deployment: Deployment;
  readonly settings: VmSettings;
}

/** Throws DeployError `setting_invalid`, `target_unable`. */
export function readContext({ deployment, settings: values }: TargetInput): VmContext {
  const settings = readVmSettings(values);
  const isFiles = deployment.buckets.length > 0 && settings.objectStorage === "files";
  if (isFiles && deployment.units.length > 1) {
    throw new DeployError(
      "target_unable",
      "objects in files belong to one process, and this placement has several",
      "Use --placement single, or an S3-compatible store: --object-storage s3.",
    );
  }
  if (isFiles && (settings.hosts.length > 1 || settings.domain === undefined)) {
    throw new DeployError(
      "target_unable",
      "objects in files are on one host, and their URLs need its name",
      "Give one host and --domain, or use an S3-compatible store: --object-storage s3.",
    );
  }
  return { deployment, settings };
}

/** Names of the databases that a unit uses. */
export function databasesOf({ deployment }: VmContext, unit: Unit): readonly string[] {
  return edgesOf(deployment, unit.name, "database").map(({ database }) => plainName(database, "a database"));
}

/** The unit with the public door. */
export function publicUnit({ deployment }: VmContext): Unit {
  return deployment.units.find(({ kind }) => kind !== "services")!;
}

/** The credentials with the passwords of all databases. */
export function passwordsOf({ deployment: { databases } }: VmContext): readonly string[] {
  return databases.map(({ name }) => passwordVariable(plainName(name, "a database")));
}

/** Whether messages are kept in a PostgreSQL database of their own. */
export function hasMessagesDatabase({ deployment: { topics }, settings }: VmContext): boolean {
  return topics.length > 0 && settings.broker === "postgres";
}
