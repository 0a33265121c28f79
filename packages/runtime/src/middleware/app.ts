// The settings of an app that are code: the default export of `tenon.app.ts` in the app's folder.
import type { Middleware } from "./middleware.ts";

export interface AppConfig {
  /** Runs around the handlers of all services, outside of each service's own. */
  readonly middlewares?: readonly Middleware[];
}

/**
 * What all services of an app share. Write it as the default export of `tenon.app.ts` in the app's folder:
 *
 * ```ts
 * export default new App({ middlewares: [timing] });
 * ```
 */
export class App {
  readonly config: AppConfig;

  constructor(config: AppConfig = {}) {
    this.config = config;
  }
}
