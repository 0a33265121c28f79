// `tenon/api`: declares endpoints, and the types that go with them.
export {
  APIError,
  type APIOptions,
  api,
  type CallOpts,
  type Endpoint,
  ErrCode,
  type ErrDetails,
  HandlerResponse,
  type Method,
  type RawCallInit,
  type RawHandler,
  RawRequest,
  RawResponse,
  type RawTarget,
  StaticAssets,
  type StaticOptions,
  type Middleware,
  type MiddlewareFn,
  type MiddlewareOptions,
  type MiddlewareTarget,
  MiddlewareRequest,
  middleware,
  type Next,
  ResponseHeader,
} from "@tenon/runtime";

/** The request type of an endpoint; `void` when it takes nothing. The generated clients are typed with it. */
// biome-ignore-start lint/suspicious/noConfusingVoidType: an endpoint that takes nothing is declared with void
// biome-ignore lint/suspicious/noExplicitAny: any function at all, whatever its parameters
export type RequestOf<Fn extends (...args: any[]) => unknown> = [Parameters<Fn>[0]] extends [void]
  ? void
  : Parameters<Fn>[0];
// biome-ignore-end lint/suspicious/noConfusingVoidType: as above

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
