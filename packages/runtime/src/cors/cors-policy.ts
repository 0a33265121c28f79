// How the gateway answers pages of other origins (the Fetch standard's CORS protocol): preflights by itself, and the headers that let a
// page read an answer. A request that shows credentials (cookies, or an Authorization header) needs an origin of the shorter list.
import type { Cors, Graph } from "@tenon/model";
import { headerOf, type IncomingRequest, type OutgoingResponse, type RequestHeaders } from "../call/exchange.ts";
import { log } from "../log/log.ts";
import { allowedHeaders, exposedHeaders } from "./header-names.ts";
import { OriginSet } from "./origin-set.ts";

/** How long a browser may rely on the answer to a preflight. */
const MAX_AGE_SECONDS = 600;
/** A page that is being developed is served from another port of the same machine. */
const LOCAL_ORIGINS = ["localhost", "127.0.0.1", "[::1]"].flatMap((host) =>
  ["http", "https"].flatMap((scheme) => [`${scheme}://${host}`, `${scheme}://${host}:*`]),
);

export interface CorsOptions {
  /** Pages on this machine may send credentials when the settings name no origins for that. */
  readonly development: boolean;
}

export class CorsPolicy {
  private readonly settings: Cors;
  private readonly withCredentials: OriginSet;
  private readonly withoutCredentials: OriginSet;
  private readonly allowHeaders: readonly string[];
  private readonly exposeHeaders: string;

  constructor(graph: Pick<Graph, "app" | "services" | "schemas" | "authHandlers">, { development }: CorsOptions) {
    const settings = graph.app.cors ?? {};
    this.settings = settings;
    this.withCredentials = new OriginSet(settings.allowOriginsWithCredentials ?? (development ? LOCAL_ORIGINS : []));
    this.withoutCredentials = new OriginSet(settings.allowOriginsWithoutCredentials ?? ["*"]);
    this.allowHeaders = allowedHeaders(graph, settings);
    this.exposeHeaders = exposedHeaders(graph, settings).join(", ");
  }

  /**
   * The answer to a preflight; undefined when the request is none, or none of an origin that may do anything here: an endpoint of the
   * app may answer it then.
   */
  preflight(request: Pick<IncomingRequest, "method" | "headers">): OutgoingResponse | undefined {
    if (request.method !== "OPTIONS") return undefined;
    const { headers } = request;
    const origin = headerOf(headers, "origin");
    const wanted = headerOf(headers, "access-control-request-method");
    if (origin === undefined || wanted === undefined) return undefined;
    const mayShowCredentials = this.withCredentials.has(origin);
    if (!mayShowCredentials && !this.withoutCredentials.has(origin)) {
      this.explain("refused a preflight", origin, headers);
      return undefined;
    }
    const answer: Record<string, string> = {
      ...originHeaders(origin, mayShowCredentials),
      "access-control-allow-methods": wanted,
      "access-control-allow-headers": this.headersFor(headers),
      "access-control-max-age": String(MAX_AGE_SECONDS),
      vary: "origin, access-control-request-method, access-control-request-headers, access-control-request-private-network",
    };
    if (headerOf(headers, "access-control-request-private-network") === "true") {
      answer["access-control-allow-private-network"] = "true";
    }
    this.explain("allowed a preflight", origin, headers);
    return { status: 204, headers: answer, body: null };
  }

  /** `apply`, for a request whose headers need not be looked at when no page has sent it. */
  applyTo(request: Pick<IncomingRequest, "header" | "headers">, answer: Record<string, string | string[]>): void {
    if (request.header("origin") === undefined) addVary(answer);
    else this.apply(request.headers, answer);
  }

  /** Adds to an answer what lets a page read it. An endpoint that has said something about it itself has its way. */
  apply(request: RequestHeaders, answer: Record<string, string | string[]>): void {
    addVary(answer);
    const origin = headerOf(request, "origin");
    if (origin === undefined || answer["access-control-allow-origin"] !== undefined) return;
    const showsCredentials = request["cookie"] !== undefined || request["authorization"] !== undefined;
    const mayShowCredentials = this.withCredentials.has(origin);
    if (!mayShowCredentials && (showsCredentials || !this.withoutCredentials.has(origin))) {
      this.explain(showsCredentials ? "refused a request with credentials" : "refused a request", origin, request);
      return;
    }
    Object.assign(answer, originHeaders(origin, mayShowCredentials));
    answer["access-control-expose-headers"] ??= this.exposeHeaders;
  }

  private headersFor(request: RequestHeaders): string {
    const wanted = headerOf(request, "access-control-request-headers");
    // Where credentials are shown, a literal star would mean a header of that name.
    const isAny = this.allowHeaders.includes("*");
    return isAny && wanted !== undefined ? wanted : this.allowHeaders.join(", ");
  }

  private explain(what: string, origin: string, headers: RequestHeaders): void {
    if (this.settings.debug !== true) return;
    const { "access-control-request-method": method, "access-control-request-headers": names } = headers;
    log.info(`cors: ${what}`, {
      origin,
      ...(method === undefined ? {} : { method: String(method) }),
      ...(names === undefined ? {} : { headers: String(names) }),
    });
  }
}

function addVary(answer: Record<string, string | string[]>): void {
  const vary = answer["vary"];
  answer["vary"] = vary === undefined ? "origin" : [vary, "origin"].flat().join(", ");
}

/** The origin itself and never "*": caches keep answers to different origins apart by `vary`. */
function originHeaders(origin: string, mayShowCredentials: boolean): Record<string, string> {
  const headers: Record<string, string> = { "access-control-allow-origin": origin };
  if (mayShowCredentials) headers["access-control-allow-credentials"] = "true";
  return headers;
}
