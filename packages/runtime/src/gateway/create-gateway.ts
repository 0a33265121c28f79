// The public door: matches requests against the exposed endpoints, serves those hosted here in process, passes the others on to where
// their service lives. The whole table can be replaced while it runs; requests under way finish with the one they started with.
import type { Graph } from "@tenon/model";
import { AuthBook } from "../auth/auth-book.ts";
import { type AuthGate, type Caller, identifyCaller, NOBODY } from "../auth/identify-caller.ts";
import { APIError } from "../call/api-error.ts";
import { headerOf, type IncomingRequest, type OutgoingResponse, type RequestHeaders } from "../call/exchange.ts";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import { listen } from "../call/listen.ts";
import { normalizeError, recordError } from "../call/normalize-error.ts";
import { outsideHeaders } from "../call/outside-headers.ts";
import { RemoteBook } from "../call/remote.ts";
import { RequestError } from "../call/request-error.ts";
import { requestIdFrom } from "../call/request-id.ts";
import { CorsPolicy } from "../cors/cors-policy.ts";
import { answerObject, isObjectPath } from "../objects/objects-door.ts";
import type { ObjectsConfig } from "../objects/objects-config.ts";
import { respondError } from "../call/respond.ts";
import type { RouteMatch } from "../call/route.ts";
import { serveRequest } from "../call/serve-request.ts";
import { canUpgrade, serveUpgrade } from "../call/serve-upgrade.ts";
import type { UpgradeOutcome, UpgradeRequest } from "../call/upgrade-request.ts";
import type { ListenAddress } from "../lifecycle/host-config.ts";
import { log } from "../log/log.ts";
import { withProtocolHeaders } from "../stream/protocol-headers.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import { formatTraceparent, parseTraceparent } from "../telemetry/trace-context.ts";
import { forward } from "./forward.ts";
import { forwardUpgrade } from "./forward-upgrade.ts";
import { gatewaySpan } from "./gateway-span.ts";
import { isHealthPath, isReadyPath, type Readiness, respondHealthy, respondReadiness } from "./health.ts";
import type { HookOutcome, HostedGateway } from "./hosted-gateway.ts";
import { addHeaders, type Asked, answerOf, doorFor, type PublicDoor, publicDoors } from "./public-door.ts";
import type { PublicEndpoint } from "./public-routes.ts";
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
  /** Gateways of the app whose code this process has, by name. */
  readonly hostedGateways?: ReadonlyMap<string, HostedGateway>;
  /** The auth handlers that this process runs, with the codecs of their data; without it another process runs them. */
  readonly auth?: AuthBook;
  /** Pages on this machine may send credentials where the app names no origins for that. */
  readonly development?: boolean;
  /** Where objects in files are, for their public and signed URLs. */
  readonly objects?: ObjectsConfig;
  /** Answers `/__tenon/readyz` here; absent where another door of the process does. */
  readonly readiness?: Readiness;
}

export interface OpenGateway {
  /** "http://127.0.0.1:4000" */
  readonly address: string;
  /** Takes effect for the next request, in one step. Throws HostError `route_conflict` and then changes nothing. */
  update(next: { readonly graph: Graph; readonly remotes: Remotes }): void;
  /** Stops accepting and lets requests under way finish; streams and other upgraded connections go on. */
  drain(options: { readonly timeoutMs: number }): Promise<void>;
  /** Drains, waits for upgraded connections to end, cuts off what is left after `timeoutMs`. */
  close(options: { readonly timeoutMs: number }): Promise<void>;
}

/** All that an app says of the door; one value, so that a request sees one version of it. */
interface Table {
  readonly doors: readonly PublicDoor[];
  readonly cors: CorsPolicy;
}

const NO_GATEWAYS: ReadonlyMap<string, HostedGateway> = new Map();

export async function createGateway(options: GatewayOptions): Promise<OpenGateway> {
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
  private table: Table | undefined;
  private graph: Graph | null = null;

  constructor(options: GatewayOptions) {
    this.options = options;
    if (options.graph !== null) this.update(options.graph, options.remotes);
  }

  update(graph: Graph, remotes: Remotes): void {
    const { auth, credential, hostedGateways = NO_GATEWAYS, development = false } = this.options;
    this.graph = graph;
    this.table = {
      doors: publicDoors(graph, {
        book: auth ?? new AuthBook(graph),
        hosted: hostedGateways,
        credential,
        remoteOf: async (service) => this.remoteBook.at(service, await addressOf(remotes, service)),
      }),
      cors: new CorsPolicy(graph, { development }),
    };
  }

  async answer(request: IncomingRequest): Promise<OutgoingResponse> {
    if (isHealthPath(request)) return respondHealthy();
    const { readiness } = this.options;
    if (readiness !== undefined && isReadyPath(request)) return respondReadiness(readiness);
    const table = this.table;
    const { objects } = this.options;
    if (objects !== undefined && isObjectPath(request)) return answerObject(objects, this.graph, request);
    const requestId = requestIdFrom(headerOf(request.headers, "x-request-id"));
    const caller = parseTraceparent(headerOf(request.headers, "traceparent"), headerOf(request.headers, "tracestate"));
    const door = table === undefined ? undefined : doorFor(table.doors, request.headers);
    const match = door?.router.match(request.method, request.path);
    const endpoint = match?.kind === "found" ? match.value : undefined;
    const span = gatewaySpan(request, endpoint?.endpoint.path.pattern, caller);
    const response =
      table === undefined
        ? respondError(new RequestError("not_ready", {}))
        : (table.cors.preflight(request) ??
          (await this.answerMatch(table, door, match ?? NOT_FOUND, request, requestId, span.span)));
    response.headers["x-request-id"] = requestId;
    response.headers["traceresponse"] = formatTraceparent(span.span);
    span.finish(response);
    return response;
  }

  async answerUpgrade(request: UpgradeRequest): Promise<UpgradeOutcome> {
    const table = this.table;
    const door = table === undefined ? undefined : doorFor(table.doors, request.headers);
    const match = door?.router.match(request.method, request.path);
    // Nobody has to follow a wish to upgrade: HTTP/2 in clear text, for example, is asked for by clients that can do without.
    if (door === undefined || match?.kind !== "found" || !canUpgrade(match.value.endpoint)) return this.answer(request);
    const requestId = requestIdFrom(headerOf(request.headers, "x-request-id"));
    const caller = parseTraceparent(headerOf(request.headers, "traceparent"), headerOf(request.headers, "tracestate"));
    const span = gatewaySpan(request, match.value.endpoint.path.pattern, caller);
    const ownHeaders = { "x-request-id": requestId, traceresponse: formatTraceparent(span.span) };
    const { value, params } = match;
    const outcome = await this.upgrade(door, value, params, request, ownHeaders, span.span);
    if (outcome === "taken") span.finishUpgraded(request.socket);
    else span.finish({ ...outcome, headers: Object.assign(outcome.headers, ownHeaders) });
    return outcome;
  }

  private async upgrade(
    door: PublicDoor,
    target: PublicEndpoint,
    params: Readonly<Record<string, string>>,
    request: UpgradeRequest,
    ownHeaders: Readonly<Record<string, string>> & { readonly "x-request-id": string },
    span: RecordingSpan,
  ): Promise<UpgradeOutcome> {
    const requestId = ownHeaders["x-request-id"];
    const hosted = this.options.hosted?.get(target.name);
    try {
      const headers = withProtocolHeaders(outsideHeaders(request, requestId));
      const asked = await door.ask?.({ request, headers, requestId, span });
      if (asked?.answer !== undefined) return answerOf(asked.answer);
      const caller = await this.callerOf(door.gate, target, headers, request, requestId, span);
      if (hosted !== undefined) {
        const { identity } = caller;
        return await serveUpgrade({ hosted, params, headers, requestId, parent: span, identity }, request, ownHeaders);
      }
      const remote = await door.gate.remoteOf(target.service);
      const forwarding = {
        service: target.service,
        remote,
        credential: this.options.credential,
        span,
        headers,
        authHeaders: caller.headers,
      };
      return await forwardUpgrade(forwarding, request, ownHeaders);
    } catch (error) {
      if (!(error instanceof APIError)) log.error(error, `an upgrade for ${target.name} could not be passed on`);
      return respondError(normalizeError(error));
    }
  }

  private async answerMatch(
    table: Table,
    door: PublicDoor | undefined,
    match: RouteMatch<PublicEndpoint>,
    request: IncomingRequest,
    requestId: string,
    span: RecordingSpan,
  ): Promise<OutgoingResponse> {
    const headers = outsideHeaders(request, requestId);
    const asked = await askDoor(door, { request, headers, requestId, span });
    const response =
      asked.answer ??
      (match.kind === "found"
        ? await this.serve(door!.gate, match.value, match.params, request, headers, requestId, span)
        : respondUnrouted(request, match));
    addHeaders(response.headers, asked.responseHeaders);
    table.cors.apply(request.headers, response.headers);
    return response;
  }

  private async serve(
    gate: AuthGate,
    target: PublicEndpoint,
    params: Readonly<Record<string, string>>,
    request: IncomingRequest,
    headers: RequestHeaders,
    requestId: string,
    span: RecordingSpan,
  ): Promise<OutgoingResponse> {
    const hosted = this.options.hosted?.get(target.name);
    try {
      const caller = await this.callerOf(gate, target, headers, request, requestId, span);
      if (hosted !== undefined) {
        const { identity } = caller;
        return await serveRequest({ hosted, params, headers, requestId, parent: span, identity }, request);
      }
      const remote = await gate.remoteOf(target.service);
      const { credential } = this.options;
      return await forward(
        { service: target.service, remote, credential, span, headers, authHeaders: caller.headers },
        request,
      );
    } catch (error) {
      if (!(error instanceof APIError)) log.error(error, `a request for ${target.name} could not be passed on`);
      return respondError(normalizeError(error));
    }
  }

  /** Throws what the request ends with: the caller is nobody that the endpoint answers, or could not be identified. */
  private async callerOf(
    gate: AuthGate,
    target: PublicEndpoint,
    headers: RequestHeaders,
    request: IncomingRequest,
    requestId: string,
    span: RecordingSpan,
  ): Promise<Caller> {
    try {
      const caller =
        gate.handlers.length === 0 ? NOBODY : await identifyCaller(gate, headers, request, requestId, span);
      if (target.endpoint.auth && !caller.isAuthenticated) throw refused(target, caller);
      return caller;
    } catch (error) {
      recordError(span, error);
      throw error;
    }
  }
}

const NOT_FOUND = { kind: "not-found" } as const;

/** What the gateway's own code says of a request; an error of it is an answer like any other. */
async function askDoor(
  door: PublicDoor | undefined,
  asked: Asked,
): Promise<Pick<HookOutcome, "responseHeaders"> & { readonly answer: OutgoingResponse | undefined }> {
  if (door?.ask === undefined) return { responseHeaders: [], answer: undefined };
  try {
    const { responseHeaders, answer } = await door.ask(asked);
    return { responseHeaders, answer: answer === undefined ? undefined : answerOf(answer) };
  } catch (error) {
    recordError(asked.span, error);
    if (!(error instanceof APIError)) log.error(error, "the code of a gateway could not be asked");
    return { responseHeaders: [], answer: respondError(normalizeError(error)) };
  }
}

function refused(target: PublicEndpoint, caller: Caller): APIError {
  return caller.refusal ?? new RequestError("authentication_required", { endpoint: target.name });
}

async function addressOf(remotes: Remotes, service: string): Promise<string> {
  const address = typeof remotes === "function" ? await remotes(service) : remotes[service];
  if (address === undefined) throw new RequestError("address_unknown", { service });
  return address;
}
