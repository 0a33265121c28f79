// The declaration of middleware: code that runs around the handlers it targets.
import type { HandlerResponse } from "./handler-response.ts";
import type { MiddlewareRequest } from "./middleware-request.ts";

/** Which handlers a middleware runs around; what is left out does not matter. */
export interface MiddlewareTarget {
  /** Only exposed endpoints, or only private ones. */
  expose?: boolean;
  /** Only endpoints that demand authentication, or only those that do not. */
  auth?: boolean;
  /** Only raw endpoints, or all but those. */
  isRaw?: boolean;
  /** Only streams (WebSocket, server-sent events, streaming HTTP), or all but those. */
  isStream?: boolean;
  /** Endpoints with at least one of these tags. */
  tags?: readonly string[];
  /** true: runs around the handlers of subscriptions and around nothing else. Default: endpoints only. */
  isSubscription?: boolean;
}

export interface MiddlewareOptions {
  target?: MiddlewareTarget;
}

/** Goes on with the next middleware, or with the handler. What the handler throws comes out of it. */
// biome-ignore lint/suspicious/noExplicitAny: a middleware may go on with whatever its data is typed as
export type Next = (request: MiddlewareRequest<any>) => Promise<HandlerResponse>;

export type MiddlewareFn<Data extends object = MiddlewareBag> = (
  request: MiddlewareRequest<Data>,
  next: Next,
) => Promise<HandlerResponse>;

/** What middleware hands on when nobody says what it is. */
// biome-ignore lint/suspicious/noExplicitAny: Encore's public type; users read and write fields of it without a cast
export type MiddlewareBag = Record<string, any>;

/** What `middleware` returns: the function, with what it targets. */
// biome-ignore lint/suspicious/noExplicitAny: one list holds middleware with different data
export interface Middleware extends MiddlewareFn<any> {
  readonly options?: MiddlewareOptions;
}

/**
 * Declares middleware. It runs where a list names it: `new Service("users", { middlewares: [...] })` for the endpoints of a service,
 * `new App({ middlewares: [...] })` in `tenon.app.ts` for those of all services, in the order of the list.
 *
 * ```ts
 * const timing = middleware({ target: { isRaw: false } }, async (request, next) => {
 *   const startedAt = performance.now();
 *   const response = await next(request);
 *   response.header.set("server-timing", `app;dur=${performance.now() - startedAt}`);
 *   return response;
 * });
 * ```
 */
export function middleware<Data extends object = MiddlewareBag>(fn: MiddlewareFn<Data>): Middleware;
export function middleware<Data extends object = MiddlewareBag>(
  options: MiddlewareOptions,
  fn: MiddlewareFn<Data>,
): Middleware;
export function middleware<Data extends object>(
  first: MiddlewareOptions | MiddlewareFn<Data>,
  fn?: MiddlewareFn<Data>,
): Middleware {
  if (typeof first === "function") return first;
  // The same function may be given several targets.
  const targeted = (request: MiddlewareRequest<Data>, next: Next) => fn!(request, next);
  return Object.assign(targeted, { options: Object.freeze({ ...first }) });
}
