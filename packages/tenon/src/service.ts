// `tenon/service`: marks a folder as a service.

/** Room for settings of a service; there are none yet. */
export type ServiceConfig = Record<string, never>;

/**
 * Marks the folder it stands in, with all below, as a service. Write it as the default export of `tenon.service.ts`:
 *
 * ```ts
 * export default new Service("users");
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
