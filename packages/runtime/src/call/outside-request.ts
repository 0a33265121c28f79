// A request from outside as its endpoint sees it: what the decoder reads of it, and what `currentRequest()` shows. Headers are looked
// up one by one; the record of all of them is made for whoever asks, which hardly anybody does.
import type { RawRequest } from "@tenon/model";
import { INTERNAL_PREFIX } from "./call-headers.ts";
import type { IncomingRequest, RequestHeaders } from "./exchange.ts";
import { outsideHeaders, withoutInternal } from "./outside-headers.ts";

const LETTER_X = 120;

// hot: guarded by bench/door
export class OutsideRequest implements RawRequest {
  readonly method: string;
  readonly query: string;
  readonly params: readonly string[];
  body: unknown = undefined;
  protected readonly request: IncomingRequest;
  protected readonly visit: { readonly requestId: string };
  private all: RequestHeaders | undefined = undefined;

  /** `visit`: knows the request's id, which is made when somebody asks for it. */
  constructor(request: IncomingRequest, params: readonly string[], visit: { readonly requestId: string }) {
    this.method = request.method;
    this.query = request.query;
    this.params = params;
    this.request = request;
    this.visit = visit;
  }

  get path(): string {
    return this.request.path;
  }

  header(name: string): string | undefined {
    return name.charCodeAt(0) === LETTER_X ? this.headerOfX(name) : this.request.header(name);
  }

  /** Those that the door hides or sets itself all begin with "x-". */
  private headerOfX(name: string): string | undefined {
    if (name === "x-request-id") return this.visit.requestId;
    if (name.startsWith(INTERNAL_PREFIX)) return undefined;
    if (!name.startsWith("x-forwarded-")) return this.request.header(name);
    const value = Object.hasOwn(this.headers, name) ? this.headers[name] : undefined;
    return Array.isArray(value) ? value.join(", ") : value;
  }

  get headers(): RequestHeaders {
    this.all ??= this.allHeaders();
    return this.all;
  }

  protected allHeaders(): RequestHeaders {
    return outsideHeaders(this.request, this.visit.requestId);
  }
}

/** One that a gateway has passed on, with all that the gateway has set. */
export class PassedOnRequest extends OutsideRequest {
  override header(name: string): string | undefined {
    return name.startsWith(INTERNAL_PREFIX) ? undefined : this.request.header(name);
  }

  protected override allHeaders(): RequestHeaders {
    return withoutInternal(this.request.headers);
  }
}
