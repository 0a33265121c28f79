// Finds the middleware of a loaded service in what its modules export: the app's first, since it is outside of the service's own.
import type { ServiceModule } from "@tenon/model";
import type { Middleware } from "./middleware.ts";

/** In the order in which they run. */
export function middlewaresOf({ app, service }: Pick<ServiceModule, "app" | "service">): readonly Middleware[] {
  return [...listIn(app), ...listIn(service)];
}

/** `config.middlewares` of an `App` or a `Service`; anything else has none. */
function listIn(holder: unknown): readonly Middleware[] {
  const config = (holder as { readonly config?: { readonly middlewares?: unknown } } | undefined)?.config;
  const list = config?.middlewares;
  return Array.isArray(list) ? (list as Middleware[]) : [];
}
