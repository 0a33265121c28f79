// One gateway of the app, as the door that it is: which hosts it answers for, what it serves, who stands there, and its own code.
import type { Gateway as DeclaredGateway, Graph } from "@tenon/model";
import type { AuthGate } from "../auth/identify-caller.ts";
import { Cancellation } from "../call/cancellation.ts";
import type { IncomingRequest, OutgoingResponse, RequestHeaders } from "../call/exchange.ts";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import type { Remote } from "../call/remote.ts";
import { RequestError } from "../call/request-error.ts";
import type { Router } from "../call/route.ts";
import type { CorsPolicy } from "../cors/cors-policy.ts";
import { OriginSet } from "../cors/origin-set.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import { askGateway } from "./hook-exchange.ts";
import type { HookOutcome, HostedGateway } from "./hosted-gateway.ts";
import { plainRoute } from "./plain-route.ts";
import { type PublicEndpoint, publicRoutes } from "./public-routes.ts";

export interface PublicDoor {
  readonly router: Router<PublicEndpoint>;
  readonly gate: AuthGate;
  /** undefined: any that no other one names. */
  readonly hosts: OriginSet | undefined;
  /** Asks the gateway's own code; undefined: it has none. */
  readonly ask: ((asked: Asked) => Promise<HookOutcome>) | undefined;
}

export interface Asked {
  readonly request: IncomingRequest;
  /** As the endpoint shall see them. */
  readonly headers: RequestHeaders;
  readonly requestId: string;
  readonly span: RecordingSpan;
}

export interface DoorParts extends Omit<AuthGate, "handlers"> {
  /** Gateways whose code this process has, by name. */
  readonly gateways: ReadonlyMap<string, HostedGateway>;
  /** By "service.endpoint": what this process serves itself. */
  readonly endpoints: ReadonlyMap<string, HostedEndpoint>;
  readonly cors: CorsPolicy;
}

/** One for each gateway of the app; an app that declares none has one all the same. */
export function publicDoors(graph: Graph, parts: DoorParts): readonly PublicDoor[] {
  const { gateways = [] } = graph;
  if (gateways.length === 0) return [doorOf(undefined, graph, parts)];
  return gateways.map((gateway) => doorOf(gateway, graph, parts));
}

function doorOf(gateway: DeclaredGateway | undefined, graph: Graph, parts: DoorParts): PublicDoor {
  const tags = gateway?.tags;
  const hosts = gateway?.hosts;
  const isServed = (own: readonly string[]) => tags === undefined || own.some((tag) => tags.includes(tag));
  const handlers = gateway?.authHandlers ?? [];
  const ask = gateway?.service === undefined ? undefined : askerOf(gateway.name, gateway.service, parts);
  const { book, credential, remoteOf, endpoints, cors } = parts;
  const gate = { book, credential, remoteOf, handlers };
  return {
    router: publicRoutes(graph, {
      isServed: (endpoint) => isServed(endpoint.tags),
      hosted: endpoints,
      plainOf: (hosted) => (ask === undefined ? plainRoute(hosted, cors, gate) : undefined),
    }),
    gate,
    hosts: hosts === undefined ? undefined : new OriginSet(hosts),
    ask,
  };
}

/** The first that names the host, else the first that names none. */
export function doorFor(
  doors: readonly PublicDoor[],
  request: Pick<IncomingRequest, "header">,
): PublicDoor | undefined {
  if (doors.length === 1 && doors[0]!.hosts === undefined) return doors[0];
  const host = (request.header("host") ?? "").toLowerCase().replace(/:\d+$/, "");
  return doors.find(({ hosts }) => hosts?.has(host)) ?? doors.find(({ hosts }) => hosts === undefined);
}

function askerOf(name: string, service: string, { gateways, credential, remoteOf }: DoorParts): PublicDoor["ask"] {
  return async ({ request, headers, requestId, span }) => {
    const { method, path, query, remoteAddress: clientAddress } = request;
    const head = { method, path, query, headers, clientAddress };
    const cancellation = new Cancellation(undefined);
    request.onClientGone(() => cancellation.cancel(new RequestError("call_canceled", { endpoint: `gateway ${name}` })));
    try {
      const here = gateways.get(name);
      if (here !== undefined) return await here.run({ head, parent: span, requestId, cancellation });
      const remote: Remote = await remoteOf(service);
      return await askGateway(name, service, remote, { head, credential, requestId, span, cancellation });
    } finally {
      cancellation.release();
    }
  };
}

/** The answer of the gateway's own code. */
export function answerOf({ status, headers, body }: NonNullable<HookOutcome["answer"]>): OutgoingResponse {
  const own: Record<string, string | string[]> = {};
  addHeaders(own, headers);
  delete own["content-length"];
  return { status, headers: own, body: [204, 205, 304].includes(status) ? null : body };
}

export function addHeaders(headers: Record<string, string | string[]>, added: HookOutcome["responseHeaders"]): void {
  for (const [name, value] of added) {
    const before = headers[name];
    headers[name] = name === "set-cookie" && before !== undefined ? [before, value].flat() : value;
  }
}
