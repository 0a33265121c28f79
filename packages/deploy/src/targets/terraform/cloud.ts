// What each cloud's folder gives: the blocks of the files, and what they allow.
import type { TargetInput } from "../../target.ts";
import type { Block } from "./blocks.ts";
import type { Grant } from "./grant.ts";

export interface CloudResources {
  /** File name without ".tf.json" -> what stands in it. */
  readonly files: Readonly<Record<string, readonly Block[]>>;
  readonly grants: readonly Grant[];
  /** Said below the table of grants. */
  readonly notes: readonly string[];
  /** Scripts that Terraform runs, beside the files. */
  readonly scripts: Readonly<Record<string, string>>;
  /** What scripts use, beside them. */
  readonly otherFiles?: Readonly<Record<string, string>>;
  /** For `terraform.tfvars.json.example`. */
  readonly exampleValues: Readonly<Record<string, unknown>>;
  /** HCL, a comment to the last line: how state is kept elsewhere than on one laptop. */
  readonly backendExample: string;
}

export interface Cloud {
  resources(input: TargetInput): CloudResources;
  nextSteps(input: TargetInput): readonly string[];
}
