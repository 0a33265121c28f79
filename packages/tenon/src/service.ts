// `tenon/service`: marks a folder as a service, and what the process that hosts it does besides serving.
import type { Middleware, ServiceHooks } from "@tenon/runtime";

export type { HealthCheck, HookContext, ServiceHook, TimedHealthCheck } from "@tenon/runtime";

/** Settings of a service; all of them optional. */
export interface ServiceConfig extends ServiceHooks {
  /** Runs around the handlers of its endpoints, in this order: the first is outermost. */
  readonly middlewares?: readonly Middleware[];
}

/**
 * Marks the folder it stands in, with all below, as a service. Write it as the default export of `tenon.service.ts`:
 *
 * ```ts
 * export default new Service("users", {
 *   init: async () => warmCache(),
 *   shutdown: async ({ signal }) => mailer.close({ signal }),
 *   healthChecks: { mail: () => mailer.ping() },
 * });
 * ```
 */
export class Service {
  readonly name: string;
  readonly config: ServiceConfig;

  constructor(name: string, config: ServiceConfig = {}) {
    this.name = name;
    this.config = config;
  }
}
