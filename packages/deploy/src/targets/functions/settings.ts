// What can be set of every target of functions.
import type { Setting } from "../../target.ts";
import { revisionSetting } from "../revision.ts";

export const commonSettings = {
  environment: {
    type: "string",
    value: "NAME",
    summary: "name of the environment, as appMeta() gives it",
    default: "production",
  },
  broker: {
    type: "string",
    value: "NAME",
    summary: "what keeps published messages: postgres, nats or redis",
    default: "postgres",
    check: (value) =>
      ["postgres", "nats", "redis"].includes(value as string) ? undefined : "must be postgres, nats or redis",
  },
  otlpEndpoint: { type: "string", value: "URL", summary: "where traces go (nowhere)", check: urlProblem },
  baseUrl: {
    type: "string",
    value: "URL",
    summary: "where the API is reached from outside, as appMeta() gives it",
    check: urlProblem,
  },
  ...revisionSetting,
  memoryMegabytes: {
    type: "number",
    value: "MB",
    summary: "memory of each function",
    default: 512,
    check: wholeProblem,
  },
  timeoutSeconds: {
    type: "number",
    value: "SECONDS",
    summary: "how long a request may take",
    default: 30,
    check: wholeProblem,
  },
  elsewhere: {
    type: "object",
    summary: 'services that are no functions, with their addresses: {"<service>": "https://..."}',
    default: {},
    check: (value) =>
      Object.values(value as object).every((url) => urlProblem(url) === undefined)
        ? undefined
        : "must give each service an http:// or https:// URL",
  },
  queues: {
    type: "object",
    summary: 'queues of the platform that bring the messages of subscriptions: {"<topic>/<subscription>": "<queue>"}',
    default: {},
    check: (value) =>
      Object.entries(value as object).every(
        ([name, queue]) => /^[^/]+\/[^/]+$/.test(name) && typeof queue === "string" && queue !== "",
      )
        ? undefined
        : 'must name queues by "<topic>/<subscription>"',
  },
} satisfies Record<string, Setting>;

export interface FunctionSettings {
  readonly environment: string;
  readonly broker: "postgres" | "nats" | "redis";
  readonly otlpEndpoint: string | undefined;
  readonly revision?: string;
  readonly baseUrl: string | undefined;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  readonly elsewhere: Readonly<Record<string, string>>;
  readonly queues: Readonly<Record<string, string>>;
}

export function urlProblem(value: unknown): string | undefined {
  return typeof value === "string" && /^https?:\/\//.test(value) && URL.canParse(value)
    ? undefined
    : "must be an http:// or https:// URL";
}

export function wholeProblem(value: unknown): string | undefined {
  return Number.isInteger(value) && (value as number) > 0 ? undefined : "must be a whole number, 1 or more";
}
