// What the code of a gateway sees of a request: its head, and the headers that the answer will have besides its own.
import type { RequestHeaders } from "../call/exchange.ts";

/** Plain JSON: it may go to the process that runs the code. */
export interface RequestHead {
  readonly method: string;
  /** As the client wrote it, percent-encoded, without the query. */
  readonly path: string;
  /** Without "?"; "" for none. */
  readonly query: string;
  readonly headers: RequestHeaders;
  /** "" over a unix socket. */
  readonly clientAddress: string;
}

export class GatewayRequest {
  readonly method: string;
  /** Percent-encoded, without the query: "/users/7". */
  readonly path: string;
  /** With scheme, host and query, as far as the client said them. */
  readonly url: URL;
  readonly headers: Headers;
  /** Address of the other end of the connection; a proxy's, if there is one in front. */
  readonly clientAddress: string;
  /** Added to the answer, whoever gives it. */
  readonly responseHeaders = new Headers();

  constructor({ method, path, query, headers, clientAddress }: RequestHead) {
    this.method = method;
    this.path = path;
    this.clientAddress = clientAddress;
    this.headers = new Headers();
    for (const [name, value] of Object.entries(headers)) {
      for (const one of value === undefined ? [] : [value].flat()) this.headers.append(name, one);
    }
    const scheme = this.headers.get("x-forwarded-proto") === "https" ? "https" : "http";
    const target = `${path}${query === "" ? "" : `?${query}`}`;
    this.url = new URL(target, `${scheme}://${this.headers.get("host") ?? "localhost"}`);
  }
}

/** Looks at a request before anybody is identified. A Response answers it; an APIError refuses it; otherwise it goes on. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function without a return is the usual one
export type GatewayHook = (request: GatewayRequest) => Response | void | Promise<Response | void>;
