// What can be set for Terraform; sizes, versions and names in the cloud are variables of the files themselves.
import type { Setting } from "../../target.ts";

export const clouds = ["aws", "google", "azure"] as const;
export type CloudName = (typeof clouds)[number];

export const settings: Readonly<Record<string, Setting>> = {
  cloud: {
    type: "string",
    summary: `whose container service: ${clouds.join(", ")}`,
    value: "CLOUD",
    isRequired: true,
    check: (value) => (clouds.some((cloud) => cloud === value) ? undefined : `must be ${clouds.join(", ")}`),
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
