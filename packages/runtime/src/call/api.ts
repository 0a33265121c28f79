// The declaration of an endpoint. The compiler reads its options; at run time it is nothing but the handler itself.
import type { HttpMethod } from "@tenon/model";
import type { RawTarget } from "../raw/raw-handler.ts";
import { StaticAssets, type StaticOptions } from "../static/static-assets.ts";

/** An HTTP method that an endpoint can answer. */
export type Method = HttpMethod;

/** How an endpoint is reached. Values may be any expression whose type is a literal: constants work as well as inline values. */
export interface APIOptions {
  /** One method, several, or "*" for all. Default: "POST". */
  method?: Method | readonly Method[] | "*";
  /**
   * Starts with "/". `:name` is one segment, a last `*name` is the rest, a last `!name` is the rest when nothing else matches.
   * Default: "/<service>.<endpoint>".
   */
  path?: string;
  /** Reachable from outside through the gateway. Otherwise only other services can call it. Default: false. */
  expose?: boolean;
  /** Only for callers who are authenticated. Default: false. */
  auth?: boolean;
  /** Greatest size of a request body in bytes; null for no limit. Default: 2 MiB. */
  bodyLimit?: number | null;
  /** Words to select endpoints by, for middleware and generated clients. */
  tags?: readonly string[];
  /** Keeps requests, responses and headers out of traces. Default: false. */
  sensitive?: boolean;
  /** Refuses requests with fields or query parameters that the request type does not have; otherwise they are dropped. Default: false. */
  strict?: boolean;
}

/** What `api` returns: the function itself. Called directly it is a plain call; other services call it through `~tenon/clients`. */
export type Endpoint<Params, Response> = (params: Params) => Promise<Response>;

/**
 * Declares an endpoint of the service in whose folder it stands. Export the result under the name the endpoint shall have.
 *
 * The request is the handler's parameter (an object, or nothing) and the response is what it returns, as TypeScript sees them: both
 * are validated, and nothing but the declared fields goes out.
 *
 * ```ts
 * export const get = api(
 *   { method: "GET", path: "/users/:id", expose: true },
 *   async ({ id }: { id: string }): Promise<User> => findUser(id),
 * );
 * ```
 */
export function api<Params = void, Response = void>(
  _options: APIOptions,
  handler: (params: Params) => Promise<Response> | Response,
): Endpoint<Params, Response> {
  return handler as Endpoint<Params, Response>;
}

/**
 * Declares an endpoint that has Node's own request and response, for what does not fit a typed one: webhooks with signatures over the
 * body, uploads, whole applications of other frameworks. `handler` may be a function of the two, as Express, Hono's
 * `getRequestListener` and Apollo are, or an `http.Server` that listens nowhere, as Fastify, NestJS and socket.io have one.
 *
 * The endpoint is over when the response has ended. What the handler throws before that is answered as any endpoint's error.
 *
 * ```ts
 * export const hook = api.raw({ method: "POST", path: "/hook", expose: true }, async (request, response) => {
 *   response.end(await verify(request));
 * });
 * ```
 */
api.raw = function raw<Target extends RawTarget>(_options: APIOptions, handler: Target): Target {
  return handler;
};

/**
 * Declares an endpoint that serves the files of a folder, with `index.html` for folders, ranges, conditional requests and compression.
 *
 * ```ts
 * export const site = api.static({ path: "/!path", expose: true, dir: "./public" });
 * ```
 */
api.static = function folder(options: StaticOptions): StaticAssets {
  return new StaticAssets(options);
};
