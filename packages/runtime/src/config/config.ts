// The typed settings of a service, as its code sees them.
import { loadingService } from "../lifecycle/loading-service.ts";

/** Some of the settings, at any depth. */
export type Defaults<T> = { readonly [K in keyof T]?: Defaults<T[K]> };

export interface ConfigOptions<T> {
  /** What holds where no file and no environment variable says otherwise. */
  readonly defaults?: Defaults<T>;
}

declare const contract: unique symbol;

/** The settings, and for the compiler their type. */
export type Config<T> = T & { readonly [contract]: { readonly config: T } };

/**
 * The settings of the service: the defaults, over them `config.json` in the service's folder, over it `config.<environment>.json` there,
 * over it environment variables such as `TENON_CONFIG_USERS_TIMEOUT_MS` for `timeoutMs` of `users`. They are checked against `T` when the
 * process starts, and it does not start with settings that do not fit. Call it once, at the top of a module.
 *
 * ```ts
 * const settings = config<{ timeoutMs: number; flags: { beta: boolean } }>({ defaults: { flags: { beta: false } } });
 * ```
 */
export function config<T extends object>(options: ConfigOptions<T> = {}): Config<T> {
  const settings = loadingService()?.settings;
  // Outside of a service that is being loaded, in a unit test for example, there is nothing but the defaults.
  const value = settings === undefined ? { ...options.defaults } : settings.resolve(options.defaults);
  return freeze(value) as Config<T>;
}

/** Settings are shared by all of the service's code; nobody shall change them for the others. */
function freeze(value: unknown): unknown {
  const isPlain = typeof value === "object" && value !== null && !ArrayBuffer.isView(value);
  if (!isPlain || Object.isFrozen(value)) return value;
  for (const field of Object.values(value)) freeze(field);
  return Object.freeze(value);
}
