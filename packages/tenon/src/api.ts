// `tenon/api`: declares endpoints, and the types that go with them.
export {
  APIError,
  type APIOptions,
  api,
  type CallOpts,
  type Endpoint,
  ErrCode,
  type ErrDetails,
  Gateway,
  type GatewayConfig,
  HandlerResponse,
  HttpStatus,
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
export type { Cookie, CookieWithOptions, Header, HeaderValue, Query, QueryValue } from "./placement.ts";

export type { Sensitive } from "./sensitive.ts";

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
