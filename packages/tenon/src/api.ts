// `tenon/api`: declares endpoints, and the types that go with them.
import { api as defineEndpoint } from "@tenon/runtime";

export { APIError, type CallOpts, ErrCode, type ErrDetails } from "@tenon/runtime";

/** An HTTP method that an endpoint can answer. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" | "TRACE" | "CONNECT";

/** How an endpoint is reached. Values may be any expression whose type is a literal: constants work as well as inline values. */
export interface APIOptions {
  /** One method, several, or "*" for all. Default: "POST". */
  method?: Method | Method[] | readonly Method[] | "*";
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
  tags?: string[] | readonly string[];
  /** Keeps requests, responses and headers out of traces. Default: false. */
  sensitive?: boolean;
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
  options: APIOptions,
  handler: (params: Params) => Promise<Response> | Response,
): Endpoint<Params, Response> {
  return defineEndpoint(options, handler) as Endpoint<Params, Response>;
}

/** The request type of an endpoint; `void` when it takes nothing. The generated clients are typed with it. */
// biome-ignore lint/suspicious/noExplicitAny: any function at all, whatever its parameters
export type RequestOf<Fn extends (...args: any[]) => unknown> = Parameters<Fn> extends [] ? void : Parameters<Fn>[0];

/** The response type of an endpoint. The generated clients are typed with it. */
// biome-ignore lint/suspicious/noExplicitAny: any function at all, whatever its parameters
export type ResponseOf<Fn extends (...args: any[]) => unknown> = Awaited<ReturnType<Fn>>;

declare const headerName: unique symbol;
declare const queryName: unique symbol;

/** A type that may stand in a header. */
export type HeaderValue = string | number | boolean | bigint | Date;

/**
 * A field that travels as an HTTP header: `Header` or `Header<number>` under the field's own name, `Header<"X-Name">` as a string and
 * `Header<number, "X-Name">` under the given one. Plain values are assignable to it. In calls between services it is a field as any other.
 */
export type Header<TypeOrName extends HeaderValue = string, Name extends string = string> =
  IsName<TypeOrName, Name> extends true
    ? string & { readonly [headerName]?: TypeOrName }
    : TypeOrName & { readonly [headerName]?: Name };

/** A type that may stand in the query: also lists, given by repeating the name. */
export type QueryValue = HeaderValue | readonly HeaderValue[];

/** A field that travels in the query string whatever the method; the forms are those of `Header`. */
export type Query<TypeOrName extends QueryValue = string, Name extends string = string> =
  IsName<TypeOrName, Name> extends true
    ? string & { readonly [queryName]?: TypeOrName }
    : TypeOrName & { readonly [queryName]?: Name };

/** A single string literal with no name beside it is the name, not the type. */
type IsName<TypeOrName, Name extends string> = string extends Name
  ? [TypeOrName] extends [string]
    ? string extends TypeOrName
      ? false
      : true
    : false
  : false;
