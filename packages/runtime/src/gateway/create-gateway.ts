// The public door: matches requests against the exposed endpoints, serves those hosted here in process, passes the others on to where
// their service lives. The whole table can be replaced while it runs; requests under way finish with the one they started with.
import type { Graph } from "@tenon/model";
import { APIError } from "../call/api-error.ts";
import { headerOf, type IncomingRequest, type OutgoingResponse } from "../call/exchange.ts";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import { listen } from "../call/listen.ts";
import { normalizeError } from "../call/normalize-error.ts";
import { outsideHeaders } from "../call/outside-headers.ts";
import { RemoteBook } from "../call/remote.ts";
import { RequestError } from "../call/request-error.ts";
import { requestIdFrom } from "../call/request-id.ts";
import { respondError } from "../call/respond.ts";
import type { Router } from "../call/route.ts";
import { serveRequest } from "../call/serve-request.ts";
import { canUpgrade, serveUpgrade } from "../call/serve-upgrade.ts";
import type { UpgradeOutcome, UpgradeRequest } from "../call/upgrade-request.ts";
import type { ListenAddress } from "../lifecycle/host-config.ts";
import { log } from "../log/log.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import { formatTraceparent, parseTraceparent } from "../telemetry/trace-context.ts";
import { forward } from "./forward.ts";
import { forwardUpgrade } from "./forward-upgrade.ts";
import { gatewaySpan } from "./gateway-span.ts";
import { isHealthPath, isReadyPath, type Readiness, respondHealthy, respondReadiness } from "./health.ts";
import { type PublicEndpoint, publicRoutes } from "./public-routes.ts";
import { respondUnrouted } from "./route-response.ts";

/**
 * Base address by service ("http://host:port" or "unix:/path.sock"), or a function that gives it: a promise holds requests back until
 * it is settled, for a service that is just restarting. An APIError it throws is what the client gets.
 */
export type Remotes = Readonly<Record<string, string>> | ((service: string) => string | Promise<string>);

export interface GatewayOptions {
  readonly address: ListenAddress;
  /** null: nothing can be served yet; every request is told so until `update`. */
  readonly graph: Graph | null;
  readonly remotes: Remotes;
  /** Sent to remotes as `x-tenon-credential`. */
  readonly credential: string;
  /** By "service.endpoint": endpoints served in this process. */
  readonly hosted?: ReadonlyMap<string, HostedEndpoint>;
  /** Answers `/__tenon/readyz` here; absent where another door of the process does. */
  readonly readiness?: Readiness;
}

export interface Gateway {
  /** "http://127.0.0.1:4000" */
  readonly address: string;
  /** Takes effect for the next request, in one step. Throws HostError `route_conflict` and then changes nothing. */
  update(next: { readonly graph: Graph; readonly remotes: Remotes }): void;
  /** Stops accepting and lets requests under way finish; streams and other upgraded connections go on. */
  drain(options: { readonly timeoutMs: number }): Promise<void>;
  /** Drains, waits for upgraded connections to end, cuts off what is left after `timeoutMs`. */
  close(options: { readonly timeoutMs: number }): Promise<void>;
}

interface Table {
  readonly router: Router<PublicEndpoint> | null;
  readonly remotes: Remotes;
}

export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const desk = new Desk(options);
  const listener = await listen(
    options.address,
    (request) => desk.answer(request),
    (request) => desk.answerUpgrade(request),
  );
  return {
    address: listener.address,
    update: (next) => desk.update(next.graph, next.remotes),
    drain: (drainOptions) => listener.drain(drainOptions),
    async close(closeOptions) {
      await listener.close(closeOptions);
      desk.remoteBook.close();
    },
  };
}

class Desk {
  readonly remoteBook = new RemoteBook();
  private readonly options: GatewayOptions;
  private table: Table;

  constructor(options: GatewayOptions) {
    this.options = options;
    this.table = { router: options.graph === null ? null : publicRoutes(options.graph), remotes: options.remotes };
  }

  update(graph: Graph, remotes: Remotes): void {
    this.table = { router: publicRoutes(graph), remotes };
  }

  async answer(request: IncomingRequest): Promise<OutgoingResponse> {
    if (isHealthPath(request)) return respondHealthy();
    const { readiness } = this.options;
    if (readiness !== undefined && isReadyPath(request)) return respondReadiness(readiness);
    const table = this.table;
    const requestId = requestIdFrom(headerOf(request.headers, "x-request-id"));
    const caller = parseTraceparent(headerOf(request.headers, "traceparent"), headerOf(request.headers, "tracestate"));
    const match = table.router?.match(request.method, request.path);
    const endpoint = match?.kind === "found" ? match.value : undefined;
    const span = gatewaySpan(request, endpoint?.endpoint.path.pattern, caller);
    const ownHeaders = { "x-request-id": requestId, traceresponse: formatTraceparent(span.span) };
    const response =
      match === undefined
        ? respondError(new RequestError("not_ready", {}))
        : match.kind === "found"
          ? await this.serve(table, match.value, match.params, request, ownHeaders, span.span)
          : respondUnrouted(request, match);
    Object.assign(response.headers, ownHeaders);
    span.finish(response);
    return response;
  }

  async answerUpgrade(request: UpgradeRequest): Promise<UpgradeOutcome> {
    const table = this.table;
    const match = table.router?.match(request.method, request.path);
    // Nobody has to follow a wish to upgrade: HTTP/2 in clear text, for example, is asked for by clients that can do without.
    if (match?.kind !== "found" || !canUpgrade(match.value.endpoint)) return this.answer(request);
    const requestId = requestIdFrom(headerOf(request.headers, "x-request-id"));
    const caller = parseTraceparent(headerOf(request.headers, "traceparent"), headerOf(request.headers, "tracestate"));
    const span = gatewaySpan(request, match.value.endpoint.path.pattern, caller);
    const ownHeaders = { "x-request-id": requestId, traceresponse: formatTraceparent(span.span) };
    const { value, params } = match;
    const outcome = await this.upgrade(table, value, params, request, ownHeaders, span.span);
    if (outcome === "taken") span.finishUpgraded(request.socket);
    else span.finish({ ...outcome, headers: Object.assign(outcome.headers, ownHeaders) });
    return outcome;
  }

  private async upgrade(
    table: Table,
    target: PublicEndpoint,
    params: Readonly<Record<string, string>>,
    request: UpgradeRequest,
    ownHeaders: Readonly<Record<string, string>> & { readonly "x-request-id": string },
    span: RecordingSpan,
  ): Promise<UpgradeOutcome> {
    const requestId = ownHeaders["x-request-id"];
    const headers = outsideHeaders(request, requestId);
    const hosted = this.options.hosted?.get(target.name);
    if (hosted !== undefined) {
      return serveUpgrade({ hosted, params, headers, requestId, parent: span }, request, ownHeaders);
    }
    try {
      const remote = this.remoteBook.at(target.service, await addressOf(table.remotes, target.service));
      const { credential } = this.options;
      return await forwardUpgrade({ service: target.service, remote, credential, span, headers }, request, ownHeaders);
    } catch (error) {
      if (!(error instanceof APIError)) log.error(error, `an upgrade for ${target.name} could not be passed on`);
      return respondError(normalizeError(error));
    }
  }

  private async serve(
    table: Table,
    target: PublicEndpoint,
    params: Readonly<Record<string, string>>,
    request: IncomingRequest,
    ownHeaders: Readonly<Record<string, string>> & { readonly "x-request-id": string },
    span: RecordingSpan,
  ): Promise<OutgoingResponse> {
    const requestId = ownHeaders["x-request-id"];
    const headers = outsideHeaders(request, requestId);
    const hosted = this.options.hosted?.get(target.name);
    if (hosted !== undefined) {
      return serveRequest({ hosted, params, headers, requestId, parent: span, answerHeaders: ownHeaders }, request);
    }
    try {
      const address = await addressOf(table.remotes, target.service);
      const remote = this.remoteBook.at(target.service, address);
      return await forward(
        { service: target.service, remote, credential: this.options.credential, span, headers },
        request,
      );
    } catch (error) {
      if (!(error instanceof APIError)) log.error(error, `a request for ${target.name} could not be passed on`);
      return respondError(normalizeError(error));
    }
  }
}

async function addressOf(remotes: Remotes, service: string): Promise<string> {
  const address = typeof remotes === "function" ? await remotes(service) : remotes[service];
  if (address === undefined) throw new RequestError("address_unknown", { service });
  return address;
}
