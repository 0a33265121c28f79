// What every target of `tenon deploy` is. Each has a folder of its own in targets/, with the same file names: `target.ts` (this contract),
// `settings.ts` (what can be set), `resources.ts` (deployment -> plain objects), `render.ts` (objects -> files).
import type { Graph } from "@tenon/model";
import type { Deployment } from "./deployment/deployment.ts";
import type { Resources } from "./files/diff-resources.ts";
import type { GeneratedFile } from "./files/generated-file.ts";

export interface Target {
  /** As on the command line: "compose". */
  readonly name: string;
  /** Other names that the command line takes for it. */
  readonly aliases?: readonly string[];
  /** One line for the help. */
  readonly summary: string;
  /** In the order in which the help shows them. */
  readonly settings: Readonly<Record<string, Setting>>;
  /** Where its files go in the app's folder when nobody says where; absent: deploy/<name>. For tools that look in one place only. */
  readonly outputFolder?: string;
  /** The same input gives the same bytes. Throws DeployError. */
  render(input: TargetInput): readonly GeneratedFile[];
  /** What files of this target hold, for `--diff`; `text` is what stands on disk or would. A file that holds none is compared line by line. */
  resourcesIn(path: string, text: string): Resources | undefined;
  /** What a person does next, a line each: "kubectl apply -k .". */
  nextSteps(input: TargetInput): readonly string[];
}

export interface TargetInput {
  readonly deployment: Deployment;
  readonly graph: Graph;
  readonly settings: SettingValues;
}

/** `deploy.<target>.<name>` in tenon.json, `--<name>` in kebab case on the command line, which goes first. */
export interface Setting {
  readonly type: "string" | "number" | "boolean" | "list" | "object";
  readonly summary: string;
  /** How the value is shown in the help: "HOST". Absent: it can be set in tenon.json only. */
  readonly value?: string;
  /** Absent and no value given: the setting is undefined, or refused where `isRequired`. */
  readonly default?: SettingValue;
  readonly isRequired?: true;
  /** Says what is wrong with a value; undefined: nothing. */
  check?(value: SettingValue): string | undefined;
}

export type SettingValue = string | number | boolean | readonly string[] | { readonly [key: string]: unknown };
export type SettingValues = Readonly<Record<string, SettingValue | undefined>>;
