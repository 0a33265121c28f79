// What a generated decoder reads of a request whose headers are at hand as a record.
import type { RawRequest } from "@tenon/model";
import type { RequestHeaders } from "./exchange.ts";

export class RawHttpRequest implements RawRequest {
  readonly method: string;
  readonly params: readonly string[];
  readonly query: string;
  readonly headers: RequestHeaders;
  readonly body: unknown;

  constructor(method: string, params: readonly string[], query: string, headers: RequestHeaders, body: unknown) {
    this.method = method;
    this.params = params;
    this.query = query;
    this.headers = headers;
    this.body = body;
  }

  header(name: string): string | undefined {
    const value = this.headers[name];
    if (typeof value === "string") return value;
    // What the record inherits under the name is no header.
    return Array.isArray(value) ? value.join(name === "cookie" ? "; " : ", ") : undefined;
  }
}
