// What can be set of `tenon deploy compose`.
import type { Setting, SettingValues } from "../../target.ts";
import { revisionSetting } from "../revision.ts";

const isIpRange = /^(\d{1,3}\.){3}\d{1,3}\/(8|9|1\d|2[0-4])$/;

export const settings = {
  imagePrefix: {
    type: "string",
    value: "PREFIX",
    summary: "where images are: PREFIX/<app>, or PREFIX/<unit> with --per-unit-images (the app's name)",
  },
  tag: {
    type: "string",
    value: "TAG",
    summary: "tag of the images where the variable TAG names none",
    default: "latest",
  },
  perUnitImages: { type: "boolean", summary: "each process has an image of its own", default: false },
  ...revisionSetting,
  environment: {
    type: "string",
    value: "NAME",
    summary: "name of the environment, as appMeta() gives it",
    default: "production",
  },
  baseUrl: { type: "string", value: "URL", summary: "where the API is reached from outside", check: urlProblem },
  port: {
    type: "number",
    value: "PORT",
    summary: "port of the host where the API listens",
    default: 8080,
    check: portProblem,
  },
  broker: {
    type: "string",
    value: "NAME",
    summary: "what keeps messages: postgres, nats or redis",
    default: "postgres",
    check: (value) =>
      ["postgres", "nats", "redis"].includes(value as string) ? undefined : "must be postgres, nats or redis",
  },
  otlpEndpoint: {
    type: "string",
    value: "URL",
    summary: "where traces and metrics go (a collector beside the app, which collector.yaml configures)",
    check: urlProblem,
  },
  objectsUrl: {
    type: "string",
    value: "URL",
    summary: "where browsers reach the object store, for signed and public URLs (nowhere)",
    check: urlProblem,
  },
  shutdownSeconds: {
    type: "number",
    value: "SECONDS",
    summary: "how long a stopping process may finish its requests",
    default: 10,
    check: (value) =>
      Number.isInteger(value) && (value as number) > 0 ? undefined : "must be a whole number of seconds",
  },
  cacheMegabytes: {
    type: "number",
    summary: "memory of each cache cluster, from which on entries are evicted",
    default: 128,
    check: (value) =>
      Number.isInteger(value) && (value as number) > 0 ? undefined : "must be a whole number of megabytes",
  },
  subnet: {
    type: "string",
    value: "RANGE",
    summary: "addresses for the networks between containers",
    default: "10.213.0.0/16",
    check: (value) => (isIpRange.test(value as string) ? undefined : "must be an IPv4 range from /8 to /24"),
  },
  engineImages: {
    type: "object",
    summary: "other images of postgres, cache, nats, objects, collector",
    default: {},
    check: engineImagesProblem,
  },
} satisfies Record<string, Setting>;

const engineImages = {
  postgres: "docker.io/library/postgres:18",
  cache: "docker.io/valkey/valkey:9",
  nats: "docker.io/library/nats:2-alpine",
  objects: "docker.io/chrislusf/seaweedfs:4.48",
  collector: "docker.io/otel/opentelemetry-collector:0.159.0",
};

export interface ComposeSettings {
  readonly imagePrefix: string | undefined;
  readonly tag: string;
  readonly perUnitImages: boolean;
  readonly revision?: string;
  readonly environment: string;
  readonly baseUrl: string | undefined;
  readonly port: number;
  readonly broker: "postgres" | "nats" | "redis";
  readonly otlpEndpoint: string | undefined;
  readonly objectsUrl: string | undefined;
  readonly shutdownSeconds: number;
  readonly cacheMegabytes: number;
  readonly subnet: string;
  readonly engineImages: Readonly<Record<keyof typeof engineImages, string>>;
}

/** `values` have been read by `readSettings`, which leaves none of a wrong type. */
export function composeSettings(values: SettingValues): ComposeSettings {
  const given = values as unknown as ComposeSettings;
  return { ...given, engineImages: { ...engineImages, ...given.engineImages } };
}

function urlProblem(value: unknown): string | undefined {
  return /^https?:\/\//.test(value as string) && URL.canParse(value as string)
    ? undefined
    : "must be an http:// or https:// URL";
}

function portProblem(value: unknown): string | undefined {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 65_536 ? undefined : "must be a port";
}

function engineImagesProblem(value: unknown): string | undefined {
  const known = Object.keys(engineImages);
  const isRight = Object.entries(value as object).every(
    ([name, image]) => known.includes(name) && typeof image === "string",
  );
  return isRight ? undefined : `must name images of ${known.join(", ")}`;
}
