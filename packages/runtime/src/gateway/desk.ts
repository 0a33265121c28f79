// What the public door does with a request: matches it against the exposed endpoints, serves those of this process, passes the others on
// to where their service lives. The table can be replaced while it runs; a request sees one version of it.
import type { Graph } from "@tenon/model";
import { AuthBook } from "../auth/auth-book.ts";
import { type AuthGate, type Caller, identifyCaller, NOBODY, refusalOf } from "../auth/identify-caller.ts";
import { APIError } from "../call/api-error.ts";
import type { IncomingRequest, OutgoingResponse, RequestHeaders } from "../call/exchange.ts";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import { normalizeError, recordError } from "../call/normalize-error.ts";
import { outsideHeaders } from "../call/outside-headers.ts";
import { RawHttpRequest } from "../call/raw-http-request.ts";
import { RemoteBook } from "../call/remote.ts";
import { RequestError } from "../call/request-error.ts";
import { CorsPolicy } from "../cors/cors-policy.ts";
import { answerObject, isObjectPath } from "../objects/door/objects-door.ts";
import { respondError } from "../call/respond.ts";
import type { RouteMatch } from "../call/route.ts";
import { serveRequest } from "../call/serve-request.ts";
import { canUpgrade, serveUpgrade } from "../call/serve-upgrade.ts";
import type { UpgradeOutcome, UpgradeRequest } from "../call/upgrade-request.ts";
import { log } from "../log/log.ts";
import { withProtocolHeaders } from "../stream/protocol-headers.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import type { GatewayOptions, Remotes } from "./create-gateway.ts";
import { forward, type Forwarding } from "./forward.ts";
import { forwardUpgrade } from "./forward-upgrade.ts";
import { isHealthPath, isOwnPath, isReadyPath, respondHealthy, respondReadiness } from "./health.ts";
import type { HookOutcome, HostedGateway } from "./hosted-gateway.ts";
import { visitPlainRoute } from "./plain-arrival.ts";
import { addHeaders, type Asked, answerOf, doorFor, type PublicDoor, publicDoors } from "./public-door.ts";
import type { PublicEndpoint } from "./public-routes.ts";
import { openVisit, type Visit } from "./gateway-visit.ts";
import { respondUnrouted } from "./route-response.ts";

type FoundRoute = Extract<RouteMatch<PublicEndpoint>, { kind: "found" }>;

/** All that an app says of the door; one value, so that a request sees one version of it. */
interface Table {
  readonly doors: readonly PublicDoor[];
  readonly cors: CorsPolicy;
}

/** Where a request belongs; one version of the table. */
interface Placed {
  readonly table: Table | undefined;
  readonly door: PublicDoor | undefined;
  readonly match: RouteMatch<PublicEndpoint>;
}

const NOT_FOUND = { kind: "not-found" } as const;
const NO_GATEWAYS: ReadonlyMap<string, HostedGateway> = new Map();
const NO_ENDPOINTS: ReadonlyMap<string, HostedEndpoint> = new Map();

export class Desk {
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
    const cors = new CorsPolicy(graph, { development });
    const doors = publicDoors(graph, {
      book: auth ?? new AuthBook(graph),
      gateways: hostedGateways,
      endpoints: this.options.hosted ?? NO_ENDPOINTS,
      cors,
      credential,
      remoteOf: async (service) => this.remoteBook.at(service, await addressOf(remotes, service)),
    });
    this.graph = graph;
    this.table = { doors, cors };
  }

  get isFastLaneOn(): boolean {
    return this.graph?.app.fastLane !== false;
  }

  /** "compat": the request's endpoint is promised the objects of node:http. */
  // hot: guarded by bench/door
  laneOf(request: IncomingRequest): "fast" | "compat" {
    const placed = this.place(request);
    request.matched = placed;
    const { match } = placed;
    return match.kind === "found" && match.value.endpoint.kind === "raw" ? "compat" : "fast";
  }

  // hot: guarded by bench/door
  answer(request: IncomingRequest): OutgoingResponse | Promise<OutgoingResponse> {
    const placed = (request.matched as Placed | undefined) ?? this.place(request);
    const { table, door, match } = placed;
    if (table === undefined || isOwnPath(request.path)) return this.answerAny(request, placed);
    if (match.kind !== "found") {
      const isForNobody = door?.ask === undefined && request.method !== "OPTIONS";
      return isForNobody ? answerUnrouted(table, match, request) : this.answerAny(request, placed);
    }
    const { plain } = match.value;
    if (plain === undefined) return this.answerAny(request, placed);
    return visitPlainRoute(plain, match.params, request);
  }

  private place(request: IncomingRequest): Placed {
    const table = this.table;
    const door = table === undefined ? undefined : doorFor(table.doors, request);
    const match = door === undefined ? NOT_FOUND : door.router.match(request.method, request.path);
    return { table, door, match };
  }

  private async answerAny(request: IncomingRequest, { table, door, match }: Placed): Promise<OutgoingResponse> {
    if (isHealthPath(request)) return respondHealthy();
    const { readiness, objects } = this.options;
    if (readiness !== undefined && isReadyPath(request)) return respondReadiness(readiness);
    if (objects !== undefined && isObjectPath(request)) return answerObject(objects, this.graph, request);
    const visit = openVisit(request, match);
    const response =
      table === undefined
        ? respondError(new RequestError("not_ready", {}))
        : (table.cors.preflight(request) ?? (await this.answerMatch(table, door, match, request, visit)));
    Object.assign(response.headers, visit.ownHeaders);
    visit.span.finish(response);
    return response;
  }

  async answerUpgrade(request: UpgradeRequest): Promise<UpgradeOutcome> {
    const { door, match } = this.place(request);
    // Nobody has to follow a wish to upgrade: HTTP/2 in clear text, for example, is asked for by clients that can do without.
    if (door === undefined || match.kind !== "found" || !canUpgrade(match.value.endpoint)) return this.answer(request);
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
      table.cors.applyTo(request, answer);
      Object.assign(answer, visit.ownHeaders);
    };
    const response =
      asked.answer ??
      (match.kind === "found"
        ? await this.serve(door!.gate, match, request, { visit, headers, completeHeaders })
        : respondUnrouted(request, match));
    addHeaders(response.headers, asked.responseHeaders);
    table.cors.applyTo(request, response.headers);
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
    const { hosted } = target;
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
    const { hosted } = target;
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
        gate.handlers.length === 0
          ? NOBODY
          : await identifyCaller(gate, shownTo(headers, request), request, requestId, span);
      if (target.endpoint.auth && !caller.isAuthenticated) throw refusalOf(target.name, caller);
      return caller;
    } catch (error) {
      recordError(span, error);
      throw error;
    }
  }
}

/** What goes along with a request that an endpoint answers. */
interface Serving {
  readonly visit: Visit;
  /** As the endpoint shall see them. */
  readonly headers: RequestHeaders;
  /** For an answer that the endpoint writes by itself. */
  completeHeaders(answer: OutgoingResponse["headers"]): void;
}

function answerUnrouted(
  { cors }: Table,
  match: Exclude<RouteMatch<PublicEndpoint>, { kind: "found" }>,
  request: IncomingRequest,
): OutgoingResponse {
  const visit = openVisit(request, match);
  const response = respondUnrouted(request, match);
  cors.applyTo(request, response.headers);
  Object.assign(response.headers, visit.ownHeaders);
  visit.span.finish(response);
  return response;
}

function refusal(error: unknown, what: string): OutgoingResponse {
  if (!(error instanceof APIError)) log.error(error, what);
  return respondError(normalizeError(error));
}

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

/** What auth handlers are asked about. */
function shownTo(headers: RequestHeaders, { method, query }: IncomingRequest): RawHttpRequest {
  return new RawHttpRequest(method, [], query, headers, undefined);
}

async function addressOf(remotes: Remotes, service: string): Promise<string> {
  const address = typeof remotes === "function" ? await remotes(service) : remotes[service];
  if (address === undefined) throw new RequestError("address_unknown", { service });
  return address;
}
