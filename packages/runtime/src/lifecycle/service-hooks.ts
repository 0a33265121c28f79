// What a service may add to its marker for the process that hosts it: code around its life, and checks of its health.

/** What `init` and `shutdown` get. */
export interface HookContext {
  /** Aborts when the time for it is over. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds: when `signal` aborts. */
  readonly deadlineAt: number;
}

/** Code that runs once, when the service begins or ends. */
export type ServiceHook = (context: HookContext) => void | Promise<void>;

/**
 * Tells whether something the service depends on is there: it is unless the function throws, rejects, returns `false` or takes longer
 * than its time.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: most checks return nothing and throw when something is wrong
export type HealthCheck = (context: HookContext) => void | boolean | Promise<void | boolean>;

export interface TimedHealthCheck {
  readonly check: HealthCheck;
  /** Default 2000. */
  readonly timeoutMs?: number;
}

export interface ServiceHooks {
  /**
   * Runs after the service's databases answer and its modules are loaded, before anybody can call it. When it fails or takes longer than
   * `initTimeoutMs`, the process does not start. The services of one process are initialised at the same time.
   */
  init?: ServiceHook;
  /** Default 20000. */
  initTimeoutMs?: number;
  /** Runs after the last request was answered, before the databases are closed. Only where `init` succeeded. */
  shutdown?: ServiceHook;
  /** By name; asked by `/__tenon/readyz`. */
  healthChecks?: Readonly<Record<string, HealthCheck | TimedHealthCheck>>;
}

/** The hooks of the default export of a marker file. What is not a `Service` has none. */
export function hooksOf(marker: unknown): ServiceHooks {
  const config = (marker as { config?: unknown } | null | undefined)?.config;
  return typeof config === "object" && config !== null ? (config as ServiceHooks) : {};
}
