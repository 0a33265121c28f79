// The declaration of an endpoint. The compiler reads its options; at run time it is nothing but the handler itself.
import type { HttpMethod } from "@tenon/model";
import type { RawTarget } from "../raw/raw-handler.ts";
import { StaticAssets, type StaticOptions } from "../static/static-assets.ts";
import {
  declareSchemas,
  type EndpointSchemas,
  type InputOf,
  type OutputOf,
  type StandardSchema,
} from "./standard-schema.ts";
import { sse, streamIn, streamInOut, streamOut } from "../stream/declare-streams.ts";
import type { APIError } from "./api-error.ts";

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
  /** Errors that belong to its contract, with the types of their details: classes made with `APIError.define`. */
  errors?: readonly DeclaredErrorClass[];
}

/** A class made with `APIError.define`. */
export type DeclaredErrorClass = abstract new (...args: never[]) => APIError & { readonly type: string };

/** What `api` returns: the function itself. Called directly it is a plain call; other services call it through `~tenon/clients`. */
export type Endpoint<Params, Response> = (params: Params) => Promise<Response>;

declare const contract: unique symbol;

/** An endpoint whose callers give and get other types than its handler sees: the schemas transform them. */
export type SchemaEndpoint<Handler, Contract> = Handler & {
  /** For types alone; no value has it. */
  readonly [contract]: Contract;
};

/** What callers of an endpoint with schemas send and get: `{ request, response }`; never for any other endpoint. */
export type ContractOf<Fn> = Fn extends { readonly [contract]: infer Contract } ? Contract : never;

/** Types are enough for most endpoints. */
interface WithoutSchemas {
  readonly request?: undefined;
  readonly response?: undefined;
}

/** Options of an endpoint with schemas of zod, valibot, arktype or another library that speaks Standard Schema. */
type WithSchemas<Request, Response> = APIOptions & { readonly request: Request; readonly response: Response };

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
  options: APIOptions & WithoutSchemas,
  handler: (params: Params) => Promise<Response> | Response,
): Endpoint<Params, Response>;
/** Declares an endpoint whose request and response are validated by schemas: the handler takes and gives what those say. */
export function api<Request extends StandardSchema, Response extends StandardSchema>(
  options: WithSchemas<Request, Response>,
  handler: (params: OutputOf<Request>) => Promise<InputOf<Response>> | InputOf<Response>,
): SchemaEndpoint<
  Endpoint<OutputOf<Request>, InputOf<Response>>,
  { readonly request: InputOf<Request>; readonly response: OutputOf<Response> }
>;
/** Declares an endpoint whose request is validated by a schema. */
export function api<Request extends StandardSchema, Response>(
  options: APIOptions & { readonly request: Request; readonly response?: undefined },
  handler: (params: OutputOf<Request>) => Promise<Response> | Response,
): SchemaEndpoint<
  Endpoint<OutputOf<Request>, Response>,
  { readonly request: InputOf<Request>; readonly response: Response }
>;
/** Declares an endpoint whose response is validated by a schema. */
export function api<Response extends StandardSchema, Params = void>(
  options: APIOptions & { readonly response: Response; readonly request?: undefined },
  handler: (params: Params) => Promise<InputOf<Response>> | InputOf<Response>,
): SchemaEndpoint<
  Endpoint<Params, InputOf<Response>>,
  { readonly request: Params; readonly response: OutputOf<Response> }
>;
export function api(options: APIOptions & EndpointSchemas, handler: (params: never) => unknown): unknown {
  declareSchemas(handler, options);
  return handler;
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
api.streamIn = streamIn;
api.streamOut = streamOut;
api.streamInOut = streamInOut;
api.sse = sse;
