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
import { forward, type Forwarding } from "./forward.ts";
import { forwardUpgrade } from "./forward-upgrade.ts";
import { type GatewaySpan, gatewaySpan } from "./gateway-span.ts";
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

type FoundRoute = Extract<RouteMatch<PublicEndpoint>, { kind: "found" }>;

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
    const { readiness, objects } = this.options;
    if (readiness !== undefined && isReadyPath(request)) return respondReadiness(readiness);
    if (objects !== undefined && isObjectPath(request)) return answerObject(objects, this.graph, request);
    const table = this.table;
    const door = table === undefined ? undefined : doorFor(table.doors, request.headers);
    const match = door?.router.match(request.method, request.path);
    const visit = openVisit(request, match);
    const response =
      table === undefined
        ? respondError(new RequestError("not_ready", {}))
        : (table.cors.preflight(request) ?? (await this.answerMatch(table, door, match ?? NOT_FOUND, request, visit)));
    Object.assign(response.headers, visit.ownHeaders);
    visit.span.finish(response);
    return response;
  }

  async answerUpgrade(request: UpgradeRequest): Promise<UpgradeOutcome> {
    const table = this.table;
    const door = table === undefined ? undefined : doorFor(table.doors, request.headers);
    const match = door?.router.match(request.method, request.path);
    // Nobody has to follow a wish to upgrade: HTTP/2 in clear text, for example, is asked for by clients that can do without.
    if (door === undefined || match?.kind !== "found" || !canUpgrade(match.value.endpoint)) return this.answer(request);
    const visit = openVisit(request, match);
    const outcome = await this.upgrade(door, match, request, visit);
    if (outcome === "taken") visit.span.finishUpgraded(request.socket);
    else visit.span.finish({ ...outcome, headers: Object.assign(outcome.headers, visit.ownHeaders) });
    return outcome;
  }

  private async answerMatch(
    table: Table,
    door: PublicDoor | undefined,
    match: RouteMatch<PublicEndpoint>,
    request: IncomingRequest,
    visit: Visit,
  ): Promise<OutgoingResponse> {
    const headers = outsideHeaders(request, visit.requestId);
    const asked = await askDoor(door, { request, headers, requestId: visit.requestId, span: visit.span.span });
    const completeHeaders = (answer: OutgoingResponse["headers"]) => {
      addHeaders(answer, asked.responseHeaders);
      table.cors.apply(request.headers, answer);
      Object.assign(answer, visit.ownHeaders);
    };
    const response =
      asked.answer ??
      (match.kind === "found"
        ? await this.serve(door!.gate, match, request, { visit, headers, completeHeaders })
        : respondUnrouted(request, match));
    addHeaders(response.headers, asked.responseHeaders);
    table.cors.apply(request.headers, response.headers);
    return response;
  }

  private async serve(
    gate: AuthGate,
    { value: target, params }: FoundRoute,
    request: IncomingRequest,
    { visit, headers, completeHeaders }: Serving,
  ): Promise<OutgoingResponse> {
    const { requestId } = visit;
    const { span } = visit.span;
    const hosted = this.options.hosted?.get(target.name);
    try {
      const caller = await this.callerOf(gate, target, headers, request, requestId, span);
      if (hosted !== undefined) {
        const { identity } = caller;
        const call = { hosted, params, headers, requestId, parent: span, identity, completeHeaders };
        return await serveRequest(call, request);
      }
      return await forward(await this.forwarding(gate, target, headers, caller, span), request);
    } catch (error) {
      return refusal(error, `a request for ${target.name} could not be passed on`);
    }
  }

  private async upgrade(
    door: PublicDoor,
    { value: target, params }: FoundRoute,
    request: UpgradeRequest,
    visit: Visit,
  ): Promise<UpgradeOutcome> {
    const { requestId, ownHeaders } = visit;
    const { span } = visit.span;
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
      return await forwardUpgrade(await this.forwarding(door.gate, target, headers, caller, span), request, ownHeaders);
    } catch (error) {
      return refusal(error, `an upgrade for ${target.name} could not be passed on`);
    }
  }

  private async forwarding(
    gate: AuthGate,
    { service, endpoint }: PublicEndpoint,
    headers: RequestHeaders,
    caller: Caller,
    span: RecordingSpan,
  ): Promise<Forwarding> {
    const remote = await gate.remoteOf(service);
    const { credential } = this.options;
    return { service, remote, credential, span, headers, endpoint, authHeaders: caller.headers };
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

/** One request at this door. */
interface Visit {
  readonly requestId: string;
  readonly span: GatewaySpan;
  /** In every answer. */
  readonly ownHeaders: Readonly<Record<string, string>>;
}

/** What goes along with a request that an endpoint answers. */
interface Serving {
  readonly visit: Visit;
  /** As the endpoint shall see them. */
  readonly headers: RequestHeaders;
  /** For an answer that the endpoint writes by itself. */
  completeHeaders(answer: OutgoingResponse["headers"]): void;
}

function openVisit(request: IncomingRequest, match: RouteMatch<PublicEndpoint> | undefined): Visit {
  const requestId = requestIdFrom(headerOf(request.headers, "x-request-id"));
  const caller = parseTraceparent(headerOf(request.headers, "traceparent"), headerOf(request.headers, "tracestate"));
  const endpoint = match?.kind === "found" ? match.value.endpoint : undefined;
  const span = gatewaySpan(request, endpoint?.path.pattern, caller);
  return { requestId, span, ownHeaders: { "x-request-id": requestId, traceresponse: formatTraceparent(span.span) } };
}

function refusal(error: unknown, what: string): OutgoingResponse {
  if (!(error instanceof APIError)) log.error(error, what);
  return respondError(normalizeError(error));
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
