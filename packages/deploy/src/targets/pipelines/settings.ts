// What can be set of the pipelines: the same for GitHub, GitLab and Azure DevOps.
import type { Setting, SettingValues } from "../../target.ts";

const deployTargets = ["kubernetes", "compose", "vm"];
const isName = /^[A-Za-z0-9][\w./-]*$/;

export const settings = {
  deployTarget: {
    type: "string",
    value: "NAME",
    summary: "what the pipeline deploys with: kubernetes, compose or vm",
    default: "kubernetes",
    check: (value) =>
      deployTargets.includes(value as string) ? undefined : `must be one of ${deployTargets.join(", ")}`,
  },
  registry: {
    type: "string",
    value: "PREFIX",
    summary: "where images go (that of the platform; Azure: the variable registry)",
    check: (value) => (/^[\w.:/-]+$/.test(value as string) ? undefined : "must be what names of images begin with"),
  },
  perUnitImages: { type: "boolean", summary: "each process has an image of its own", default: false },
  namespace: {
    type: "string",
    value: "NAME",
    summary: "namespace of the app in Kubernetes (its name)",
    check: (value) => (/^[a-z0-9-]+$/.test(value as string) ? undefined : "must be the name of a namespace"),
  },
  branch: {
    type: "string",
    value: "NAME",
    summary: "the branch that is deployed",
    default: "main",
    check: (value) => (isName.test(value as string) ? undefined : "must be the name of a branch"),
  },
  nodeVersion: {
    type: "string",
    value: "VERSION",
    summary: "the Node that builds and tests",
    default: "24",
    check: (value) => (/^\d+(\.\d+)*$/.test(value as string) ? undefined : "must be a version: 24, 24.11.0"),
  },
} satisfies Record<string, Setting>;

export interface PipelineSettings {
  readonly deployTarget: "kubernetes" | "compose" | "vm";
  readonly registry: string | undefined;
  readonly perUnitImages: boolean;
  readonly namespace: string | undefined;
  readonly branch: string;
  readonly nodeVersion: string;
}

/** `values` have been read by `readSettings`, which leaves none of a wrong type. */
export function pipelineSettings(values: SettingValues): PipelineSettings {
  return values as unknown as PipelineSettings;
}
