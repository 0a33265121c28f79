// The public door of an app: its desk (desk.ts) at an address. The whole table can be replaced while it runs; requests under way finish
// with the one they started with.
import type { Graph } from "@tenon/model";
import type { AuthBook } from "../auth/auth-book.ts";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import { connectionLimit } from "../call/connection-limit.ts";
import { lingerTime } from "../call/linger-time.ts";
import { type Listener, listen } from "../call/listen.ts";
import type { ListenAddress } from "../lifecycle/host-config.ts";
import type { ObjectsConfig } from "../objects/objects-config.ts";
import { Desk } from "./desk.ts";
import type { Readiness } from "./health.ts";
import type { HostedGateway } from "./hosted-gateway.ts";

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
  /** Of a door without an address. Never rejects. */
  readonly serve: Listener["serve"];
  /** Takes effect for the next request, in one step. Throws HostError `route_conflict` and then changes nothing. */
  update(next: { readonly graph: Graph; readonly remotes: Remotes }): void;
  /** As that of the listener. */
  readonly renewTls: Listener["renewTls"];
  /** Stops accepting and lets requests under way finish; streams and other upgraded connections go on. */
  drain(options: { readonly timeoutMs: number }): Promise<void>;
  /** Drains, waits for upgraded connections to end, cuts off what is left after `timeoutMs`. */
  close(options: { readonly timeoutMs: number }): Promise<void>;
}

export async function createGateway(options: GatewayOptions): Promise<OpenGateway> {
  const desk = new Desk(options);
  const listener = await listen({
    address: options.address,
    answer: (request) => desk.answer(request),
    answerUpgrade: (request) => desk.answerUpgrade(request),
    laneOf: (request) => desk.laneOf(request),
    fastLane: () => desk.isFastLaneOn,
    maxConnections: connectionLimit(process.env["TENON_MAX_CONNECTIONS"]),
    lingerMs: lingerTime(process.env["TENON_LINGER_SECONDS"]),
  });
  return {
    address: listener.address,
    serve: listener.serve?.bind(listener),
    update: (next) => desk.update(next.graph, next.remotes),
    renewTls: listener.renewTls,
    drain: (drainOptions) => listener.drain(drainOptions),
    async close(closeOptions) {
      await listener.close(closeOptions);
      desk.remoteBook.close();
    },
  };
}
