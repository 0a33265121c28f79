// The services of this process as things that begin, are well or not, and end.
import type { DatabaseHealth } from "../data/configure-databases.ts";
import { log } from "../log/log.ts";
import { HostError } from "./host-error.ts";
import { type HealthCheck, hooksOf, type ServiceHooks, type TimedHealthCheck } from "./service-hooks.ts";
import { TimeOver, within } from "./within.ts";

/** One line of what `/__tenon/readyz` answers. */
export interface CheckResult {
  /** "database users", "users.mail-server". */
  readonly name: string;
  readonly status: "ok" | "failed";
  readonly durationMs: number;
  readonly error?: string;
  /** What is worth knowing though all is well. */
  readonly detail?: string;
}

/** Below the 30 s after which `tenon dev` gives up on a process. */
const DEFAULT_INIT_MS = 20_000;
const DEFAULT_CHECK_MS = 2_000;
/** How long databases may take to come up beside a service that wants them in `init`. */
const DATABASES_MS = 10_000;
const DATABASE_PAUSE_MS = 200;

type CheckDatabases = () => Promise<DatabaseHealth[]>;

export class HostedServices {
  private readonly hooks = new Map<string, ServiceHooks>();
  private readonly initialised: string[] = [];
  private readonly checkDatabases: CheckDatabases;
  private readonly facts: (() => readonly CheckResult[])[] = [];

  /** `checkDatabases`: asks those of this process; without it there are none. */
  constructor(checkDatabases: CheckDatabases = async () => []) {
    this.checkDatabases = checkDatabases;
  }

  /** `marker`: the default export of the service's marker file. */
  add(service: string, marker: unknown): void {
    this.hooks.set(service, hooksOf(marker));
  }

  /** Lines that nobody has to be asked for. */
  addFacts(facts: () => readonly CheckResult[]): void {
    this.facts.push(facts);
  }

  get hasShutdown(): boolean {
    return this.initialised.some((service) => this.hooks.get(service)?.shutdown !== undefined);
  }

  /** Throws HostError `service_init_failed`, `databases_unreachable`. */
  async init(): Promise<void> {
    if ([...this.hooks.values()].some((hooks) => hooks.init !== undefined)) {
      await untilDatabasesAnswer(this.checkDatabases);
    }
    await Promise.all([...this.hooks].map(([service, hooks]) => this.initOne(service, hooks)));
  }

  private async initOne(service: string, hooks: ServiceHooks): Promise<void> {
    const timeoutMs = hooks.initTimeoutMs ?? DEFAULT_INIT_MS;
    try {
      if (hooks.init !== undefined) await within({ service, what: "init", timeoutMs }, hooks.init);
    } catch (error) {
      throw new HostError("service_init_failed", { service, reason: reasonOf(error) }, error);
    }
    this.initialised.push(service);
  }

  /** Never rejects: a service that cannot end well must not keep the others from it. */
  async shutdown(timeoutMs: number): Promise<void> {
    await Promise.all(
      this.initialised.map(async (service) => {
        const shutdown = this.hooks.get(service)?.shutdown;
        if (shutdown === undefined) return;
        try {
          await within({ service, what: "shutdown", timeoutMs }, shutdown);
        } catch (error) {
          log.error(error, `the service "${service}" failed in shutdown`);
        }
      }),
    );
    this.initialised.length = 0;
  }

  /** All checks at once, each with its own time. */
  async check(): Promise<CheckResult[]> {
    const own = [...this.hooks].flatMap(([service, { healthChecks = {} }]) =>
      Object.entries(healthChecks).map(([name, check]) => runCheck(service, name, check)),
    );
    const results = await Promise.all([checkAllDatabases(this.checkDatabases), ...own]);
    const known = this.facts.flatMap((facts) => facts());
    return [...results.flat(), ...known].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

async function checkAllDatabases(checkDatabases: CheckDatabases): Promise<CheckResult[]> {
  const startedAt = performance.now();
  const databases = await checkDatabases();
  return databases.map(({ database, error }) => resultOf(`database ${database}`, startedAt, error));
}

async function runCheck(service: string, name: string, declared: HealthCheck | TimedHealthCheck): Promise<CheckResult> {
  const { check, timeoutMs = DEFAULT_CHECK_MS } = typeof declared === "function" ? { check: declared } : declared;
  const startedAt = performance.now();
  try {
    const verdict = await within({ service, what: `health ${name}`, timeoutMs, isTraced: false }, check);
    return resultOf(`${service}.${name}`, startedAt, verdict === false ? new Error("it returned false") : undefined);
  } catch (error) {
    return resultOf(`${service}.${name}`, startedAt, error instanceof Error ? error : new Error(String(error)));
  }
}

function resultOf(name: string, startedAt: number, error: Error | undefined): CheckResult {
  const durationMs = Math.round(performance.now() - startedAt);
  return error === undefined
    ? { name, status: "ok", durationMs }
    : { name, status: "failed", durationMs, error: error.message };
}

async function untilDatabasesAnswer(checkDatabases: CheckDatabases): Promise<void> {
  const endsAt = Date.now() + DATABASES_MS;
  for (;;) {
    const failed = (await checkDatabases()).filter(({ error }) => error !== undefined);
    if (failed.length === 0) return;
    if (Date.now() >= endsAt) {
      const databases = failed.map(({ database, error }) => `${database} (${error?.message})`).join(", ");
      throw new HostError("databases_unreachable", { databases });
    }
    await new Promise((resolve) => setTimeout(resolve, DATABASE_PAUSE_MS));
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof TimeOver) return `${error.message} (initTimeoutMs)`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
