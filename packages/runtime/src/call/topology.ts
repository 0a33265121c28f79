// What this process knows about the app while it runs: which endpoints it hosts, how to speak to the others, and where they are.
import type { EndpointCodec, Graph } from "@tenon/model";
import { AuthBook } from "../auth/auth-book.ts";
import type { HostedGateway } from "../gateway/hosted-gateway.ts";
import { HostError } from "../lifecycle/host-error.ts";
import type { HostedEndpoint } from "./hosted-endpoint.ts";
import { RemoteBook } from "./remote.ts";
import { RequestError } from "./request-error.ts";

export class Topology {
  readonly graph: Graph;
  /** By "service.endpoint". */
  readonly hosted: ReadonlyMap<string, HostedEndpoint>;
  /** By "service.endpoint": hosted ones and those that are called elsewhere. */
  readonly codecs: ReadonlyMap<string, EndpointCodec>;
  readonly credential: string;
  readonly auth: AuthBook;
  /** Gateways whose code this process has, by name. */
  readonly gateways = new Map<string, HostedGateway>();
  /** Base address by service; replaced as a whole when services move. */
  remotes: Readonly<Record<string, string>>;
  readonly remoteBook = new RemoteBook();
  /** While services are being loaded, or may be replaced, as in tests: what a call waits for; undefined for one that is there already. */
  loadFirst: ((service: string, endpoint: string) => Promise<void> | undefined) | undefined;

  constructor(parts: {
    readonly graph: Graph;
    readonly hosted: ReadonlyMap<string, HostedEndpoint>;
    readonly codecs: ReadonlyMap<string, EndpointCodec>;
    readonly credential: string;
    readonly remotes: Readonly<Record<string, string>>;
    readonly loadFirst?: (service: string, endpoint: string) => Promise<void> | undefined;
  }) {
    this.graph = parts.graph;
    this.hosted = parts.hosted;
    this.codecs = parts.codecs;
    this.credential = parts.credential;
    this.auth = new AuthBook(parts.graph);
    this.remotes = parts.remotes;
    this.loadFirst = parts.loadFirst;
  }

  /** Throws RequestError `address_unknown`. */
  remoteAddress(service: string): string {
    const address = this.remotes[service];
    if (address === undefined) throw new RequestError("address_unknown", { service });
    return address;
  }
}

let installed: Topology | undefined;

/** Client methods are made when modules load and know nothing but names; they find the rest here. One per process. */
export function installTopology(topology: Topology): void {
  if (installed !== undefined) throw new HostError("host_already_running", {});
  installed = topology;
}

export function removeTopology(topology: Topology): void {
  if (installed === topology) installed = undefined;
}

export function topologyFor(endpoint: string): Topology {
  if (installed === undefined) throw new HostError("no_host", { endpoint });
  return installed;
}
