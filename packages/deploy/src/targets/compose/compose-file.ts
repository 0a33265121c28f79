// The parts of the Compose specification that we write.

export interface ComposeFile {
  readonly name: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, ComposeNetwork>>;
  readonly volumes?: Readonly<Record<string, Record<string, never>>>;
}

export interface ComposeService {
  readonly image: string;
  readonly user?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: DependencyCondition }>>;
  readonly healthcheck?: Healthcheck;
  readonly restart: "unless-stopped" | "no";
  readonly stop_grace_period?: string;
  readonly shm_size?: string;
  readonly read_only: true;
  readonly tmpfs: readonly string[];
  readonly cap_drop: readonly ["ALL"];
  readonly security_opt: readonly ["no-new-privileges:true"];
}

export type DependencyCondition = "service_healthy" | "service_completed_successfully";

export interface Healthcheck {
  readonly test: readonly string[];
  readonly interval: string;
  readonly timeout: string;
  readonly retries: number;
  readonly start_period: string;
}

export interface ComposeNetwork {
  /** No way out of it. */
  readonly internal?: true;
  readonly driver_opts?: { readonly isolate: "true" };
  readonly ipam: { readonly config: readonly [{ readonly subnet: string }] };
}

/** What every container has: nothing to write to but memory, no rights, no way to get any. */
export const confined = {
  read_only: true,
  tmpfs: ["/tmp"],
  cap_drop: ["ALL"],
  security_opt: ["no-new-privileges:true"],
} as const satisfies Partial<ComposeService>;

/** Up and asked often while it starts, so that what waits for it goes on soon. */
export function healthcheck(test: readonly string[]): Healthcheck {
  return { test, interval: "5s", timeout: "5s", retries: 12, start_period: "30s" };
}

/** Compose refuses to start without it. */
export function required(variable: string): string {
  return `\${${variable}:?set it in .env}`;
}

export function withDefault(variable: string, value: string | number): string {
  return `\${${variable}:-${value}}`;
}
