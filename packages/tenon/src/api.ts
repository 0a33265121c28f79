// `tenon/api`: declares endpoints, and the types that go with them.
export {
  APIError,
  type APIOptions,
  api,
  type CallOpts,
  type DeclaredErrorClass,
  type DefinedError,
  type DefinedErrorClass,
  type Endpoint,
  ErrCode,
  type ErrDetails,
  Gateway,
  type GatewayConfig,
  type GatewayHook,
  type GatewayRequest,
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
import type { ContractOf } from "@tenon/runtime";
export type { Cookie, CookieWithOptions, Header, HeaderValue, Query, QueryValue } from "./placement.ts";

export type { Sensitive } from "./sensitive.ts";
export * from "./streams.ts";

// biome-ignore-start lint/suspicious/noConfusingVoidType: an endpoint that takes nothing is declared with void
// biome-ignore-start lint/suspicious/noExplicitAny: any function at all, whatever its parameters

/** The request type of an endpoint; `void` when it takes nothing. The generated clients are typed with it. */
export type RequestOf<Fn extends (...args: any[]) => unknown> = [ContractOf<Fn>] extends [never]
  ? [Parameters<Fn>[0]] extends [void]
    ? void
    : Parameters<Fn>[0]
  : ContractOf<Fn> extends { readonly request: infer Request }
    ? Request
    : never;

/** The response type of an endpoint. The generated clients are typed with it. */
export type ResponseOf<Fn extends (...args: any[]) => unknown> = [ContractOf<Fn>] extends [never]
  ? ResultOf<Fn>
  : ContractOf<Fn> extends { readonly response: infer Response }
    ? Response
    : never;

/** As `Awaited<ReturnType<Fn>>`, which costs ten times as many instantiations (bench/typecheck) and is kept for what has no plain promise. */
type ResultOf<Fn extends (...args: any[]) => unknown> = Fn extends (...args: any[]) => Promise<infer Result>
  ? unknown extends Result
    ? Awaited<ReturnType<Fn>>
    : Result
  : Awaited<ReturnType<Fn>>;
// biome-ignore-end lint/suspicious/noExplicitAny: as above
// biome-ignore-end lint/suspicious/noConfusingVoidType: as above
