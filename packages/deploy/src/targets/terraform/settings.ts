// What can be set for Terraform; sizes, versions and names in the cloud are variables of the files themselves.
import type { Setting, TargetInput } from "../../target.ts";
import { revisionSetting } from "../revision.ts";

export const clouds = ["aws", "google", "azure"] as const;
export type CloudName = (typeof clouds)[number];

export const settings: Readonly<Record<string, Setting>> = {
  cloud: {
    type: "string",
    summary: `whose container service: ${clouds.join(", ")}`,
    value: "CLOUD",
    isRequired: true,
    check: oneOf(clouds),
  },
  runsOn: {
    type: "string",
    summary:
      "containers: the cloud's container service; kubernetes: a cluster of yours there, with the files of that target",
    value: "PLATFORM",
    default: "containers",
    check: oneOf(["containers", "kubernetes"]),
  },
  broker: {
    type: "string",
    summary: "what keeps messages: postgres, or managed for the cloud's own (SNS and SQS, Pub/Sub)",
    value: "NAME",
    default: "postgres",
    check: oneOf(["postgres", "managed"]),
  },
  imagePrefix: {
    type: "string",
    summary: "in front of the images' names (the app's name)",
    value: "PREFIX",
    check: (value) =>
      /^[a-z0-9]+([._/-][a-z0-9]+)*$/.test(String(value)) ? undefined : "must be lower-case words with / . - _ between",
  },
  tag: { type: "string", summary: "tag of the images", value: "TAG", default: "latest" },
  perUnitImages: { type: "boolean", summary: "an image for each process instead of one for all", default: false },
  ...revisionSetting,
  otlpEndpoint: {
    type: "string",
    summary: "OpenTelemetry collector to send traces to",
    value: "URL",
    check: (value) =>
      /^https?:\/\//.test(String(value)) && URL.canParse(String(value))
        ? undefined
        : "must be an http:// or https:// URL",
  },
};

type WithSettings = Pick<TargetInput, "settings">;

/** Whether a broker of the cloud keeps the messages. */
export function isBrokerManaged({ settings: values }: WithSettings): boolean {
  return values["broker"] === "managed";
}

export function runsOnKubernetes({ settings: values }: WithSettings): boolean {
  return values["runsOn"] === "kubernetes";
}

function oneOf(words: readonly string[]): NonNullable<Setting["check"]> {
  return (value) => (words.includes(String(value)) ? undefined : `must be ${words.join(", ")}`);
}
