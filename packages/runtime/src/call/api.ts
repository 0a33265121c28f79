// The declaration of an endpoint. The compiler reads its options; at run time it is nothing but the handler itself.
import type { HttpMethod } from "@tenon/model";

export type Method = HttpMethod;

export interface APIOptions {
  /** Default POST; "*" is every method. */
  method?: Method | Method[] | "*";
  /** "/users/:id", "/files/*path", "/!rest"; default "/<service>.<endpoint>". */
  path?: string;
  /** Reachable from outside through the gateway; default false. */
  expose?: boolean;
  /** Only for requests with auth data; default false. */
  auth?: boolean;
  /** Bytes; default 2 MiB, null for no limit. */
  bodyLimit?: number | null;
  tags?: string[];
  /** Keeps payloads out of traces. */
  sensitive?: boolean;
}

/** Declares `handler` as an endpoint and returns it: calling it directly is a plain function call within the service. */
export function api<Params = void, Response = void>(
  _options: APIOptions,
  handler: (params: Params) => Promise<Response> | Response,
): (params: Params) => Promise<Response> {
  return handler as (params: Params) => Promise<Response>;
}
