// What can be set for machines.
import { DeployError } from "../../deploy-error.ts";
import type { Setting, SettingValue, SettingValues } from "../../target.ts";
import { revisionSetting } from "../revision.ts";

export const settings: Readonly<Record<string, Setting>> = {
  hosts: {
    type: "list",
    value: "A,B",
    summary: "hosts that the scripts reach by ssh, where none are named to them (this machine)",
    default: [],
    check: (value) =>
      (value as readonly string[]).every((host) => /^[\w.@:-]+$/.test(host)) ? undefined : "must be names of hosts",
  },
  domain: { type: "string", value: "NAME", summary: "name under which the app is reached", check: checkHost },
  plainHttp: { type: "boolean", summary: "no TLS: something in front of the app has it", default: false },
  port: { type: "number", value: "PORT", summary: "of the public door (443, without TLS 80)", check: checkPort },
  redirectPort: {
    type: "number",
    value: "PORT",
    summary: "where clients without TLS are sent to it (80)",
    default: 80,
    check: checkPort,
  },
  databaseHost: {
    type: "string",
    value: "HOST:PORT",
    summary: "PostgreSQL (127.0.0.1:5432)",
    default: "127.0.0.1:5432",
    check: checkHost,
  },
  databaseCa: {
    type: "string",
    value: "FILE",
    summary: "on the hosts: the authority of its certificate, PEM",
    check: checkPath,
  },
  broker: {
    type: "string",
    value: "postgres|nats|redis",
    summary: "where messages are kept (postgres)",
    default: "postgres",
    check: oneOf("postgres", "nats", "redis"),
  },
  cacheHost: {
    type: "string",
    value: "HOST:PORT",
    summary: "Redis for caches (127.0.0.1:6379)",
    default: "127.0.0.1:6379",
    check: checkHost,
  },
  objectStorage: {
    type: "string",
    value: "files|s3",
    summary: "where buckets are: files of the one host, or an S3-compatible store (s3)",
    default: "s3",
    check: oneOf("files", "s3"),
  },
  s3Region: { type: "string", value: "NAME", summary: "region of the store (us-east-1)", default: "us-east-1" },
  s3Endpoint: { type: "string", value: "URL", summary: "of a store that is not that of AWS" },
  ...revisionSetting,
  otlpEndpoint: { type: "string", value: "URL", summary: "where traces and metrics are sent" },
  environmentName: {
    type: "string",
    value: "NAME",
    summary: "name of the environment (production)",
    default: "production",
  },
  shutdownSeconds: {
    type: "number",
    value: "N",
    summary: "how long a stopping process may finish what it has (20)",
    default: 20,
    check: (value) => (Number(value) > 0 && Number(value) <= 600 ? undefined : "must be from 1 to 600"),
  },
  memoryMax: {
    type: "string",
    value: "SIZE",
    summary: "memory of one process, as 512M",
    check: (value) => (/^\d+[KMGT]?$/.test(String(value)) ? undefined : "must be a size as 512M"),
  },
  keepReleases: {
    type: "number",
    value: "N",
    summary: "releases that stay on a host (5)",
    default: 5,
    check: (value) =>
      Number.isSafeInteger(value) && Number(value) >= 2 ? undefined : "must be a whole number of at least 2",
  },
  backup: { type: "boolean", summary: "a timer that saves the databases every night", default: false },
};

/** The same, with their types. */
export interface VmSettings {
  readonly hosts: readonly string[];
  readonly domain: string | undefined;
  readonly hasTls: boolean;
  readonly port: number;
  /** 0: nobody is redirected. */
  readonly redirectPort: number;
  readonly databaseHost: string;
  readonly databaseCa: string | undefined;
  readonly broker: "postgres" | "nats" | "redis";
  readonly cacheHost: string;
  readonly objectStorage: "files" | "s3";
  readonly s3Region: string;
  readonly s3Endpoint: string | undefined;
  readonly revision?: string;
  readonly otlpEndpoint: string | undefined;
  readonly environmentName: string;
  readonly shutdownSeconds: number;
  readonly memoryMax: string | undefined;
  readonly keepReleases: number;
  readonly hasBackup: boolean;
}

/** Throws DeployError `setting_invalid` where settings do not go together. */
export function readVmSettings(values: SettingValues): VmSettings {
  const hasTls = values["plainHttp"] !== true;
  const read = {
    ...(values as unknown as VmSettings),
    hasTls,
    port: (values["port"] as number | undefined) ?? (hasTls ? 443 : 80),
    redirectPort: hasTls ? (values["redirectPort"] as number) : 0,
    hasBackup: values["backup"] === true,
  };
  if (read.redirectPort === read.port) {
    throw invalid(
      `port and redirectPort are both ${read.port}`,
      "Give one of them another port; redirectPort 0 redirects nobody.",
    );
  }
  if (read.hosts.length > 1 && isLoopback(read.databaseHost)) {
    throw invalid(
      `several hosts can't share the PostgreSQL at ${read.databaseHost}, which is each one's own`,
      "Name the server that all of them reach: --database-host.",
    );
  }
  return read;
}

/** On the host itself, where nobody else listens in. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(host);
}

function invalid(message: string, hint: string): DeployError {
  return new DeployError("setting_invalid", message, hint);
}

function oneOf(...words: string[]): (value: SettingValue) => string | undefined {
  return (value) => (words.includes(String(value)) ? undefined : `must be ${words.join(" or ")}`);
}

function checkPort(value: SettingValue): string | undefined {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535 ? undefined : "must be a port";
}

function checkPath(value: SettingValue): string | undefined {
  return /^\/[\w./-]+$/.test(String(value)) ? undefined : "must be an absolute path";
}

function checkHost(value: SettingValue): string | undefined {
  return /^(\[[0-9a-fA-F:]+\]|[\w.-]+)(:\d{1,5})?$/.test(String(value))
    ? undefined
    : "must be a host, with a port or without";
}
