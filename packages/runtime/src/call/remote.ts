// The address of another process of the app, with the kept-alive connections to it.
import { Agent, type AgentOptions } from "node:http";
import { createRequire } from "node:module";
import { ConnectionPool } from "../http/client/connection-pool.ts";
import { HostError } from "../lifecycle/host-error.ts";

/** What node:http's `request` takes, for either kind of address. */
export type RemoteLocation =
  | { readonly socketPath: string }
  | { readonly host: string; readonly port: number; readonly protocol?: "https:" };

export interface Remote {
  /** As configured: "http://host:port", "https://host" or "unix:/path.sock". */
  readonly address: string;
  readonly location: RemoteLocation;
  /** For the `host` header. */
  readonly authority: string;
  /** For bodies and answers that stream. */
  readonly agent: Agent;
  /** For what is sent and answered as a whole. */
  readonly pool: ConnectionPool;
}

/** Idle connections are closed before the other side, which waits 65 s, would: a request never meets a connection that is closing. */
const IDLE_MS = 30_000;
const MAX_IDLE_CONNECTIONS = 256;

export function createRemote(service: string, address: string): Remote {
  const location = parseAddress(address);
  if (location === undefined) throw new HostError("remote_malformed", { service, address });
  const agent = createAgent(location, {
    keepAlive: true,
    timeout: IDLE_MS,
    maxFreeSockets: MAX_IDLE_CONNECTIONS,
    scheduling: "lifo",
  });
  const authority = "socketPath" in location ? "localhost" : new URL(address).host;
  return { address, location, authority, agent, pool: new ConnectionPool(location) };
}

/** For one request, on a connection that nobody has used. */
export function freshAgent({ location }: Remote): Agent | false {
  return isSecure(location) ? createAgent(location, {}) : false;
}

/** Many services may be behind one address with TLS, told apart by the host that a request names. */
export function isSecure(location: RemoteLocation): boolean {
  return "protocol" in location;
}

function createAgent(location: RemoteLocation, options: AgentOptions): Agent {
  if (!isSecure(location)) return new Agent(options);
  // Not imported: most processes have no use for it.
  const { Agent: SecureAgent } = createRequire(import.meta.url)("node:https") as typeof import("node:https");
  return new SecureAgent(options);
}

/** undefined when it is none of "http://host:port", "https://host:port" and "unix:/path". */
export function parseAddress(address: string): RemoteLocation | undefined {
  if (address.startsWith("unix:")) {
    const socketPath = address.slice("unix:".length);
    return socketPath === "" ? undefined : { socketPath };
  }
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.pathname !== "/" || url.search !== "") return undefined;
  // URL keeps the brackets of IPv6 addresses, sockets do not want them.
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (url.protocol === "http:") return { host, port: url.port === "" ? 80 : Number(url.port) };
  if (url.protocol !== "https:") return undefined;
  return { host, port: url.port === "" ? 443 : Number(url.port), protocol: "https:" };
}

/** Remotes by service, each made once per address; `keep` lets go of those whose service has moved. */
export class RemoteBook {
  private readonly remotes = new Map<string, Remote>();

  at(service: string, address: string): Remote {
    const known = this.remotes.get(service);
    if (known?.address === address) return known;
    closeIdle(known);
    const remote = createRemote(service, address);
    this.remotes.set(service, remote);
    return remote;
  }

  close(): void {
    for (const { agent, pool } of this.remotes.values()) {
      agent.destroy();
      pool.destroy();
    }
    this.remotes.clear();
  }
}

/** Ends connections without a request on them; those with one end after it, as their agent has no room left for idle ones. */
function closeIdle(remote: Remote | undefined): void {
  if (remote === undefined) return;
  remote.pool.retire();
  remote.agent.maxFreeSockets = 0;
  for (const sockets of Object.values(remote.agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
}
