// The door for raw calls within the process: a server that listens nowhere gets one end of a connection in memory, so that the endpoint
// has a real request and response, with back-pressure and disconnects, and no socket is opened.
import { maxHeaderSize, type Server } from "node:http";
import { type Duplex, duplexPair } from "node:stream";
import { MAX_AUTH_DATA_BYTES } from "../auth/identity.ts";
import { type Answer, createServerFor } from "../call/listen.ts";
import type { Topology } from "../call/topology.ts";
import { serveRawCall } from "./serve-raw-call.ts";

/** What the caller says, and what is added for the way. */
const HEADER_LIMIT_BYTES = maxHeaderSize + MAX_AUTH_DATA_BYTES + 8 * 1024;

const servers = new WeakMap<Topology, Server>();

/** The client's end of a new connection to the endpoints of this process. */
export function connectLocally(topology: Topology): Duplex {
  let server = servers.get(topology);
  if (server === undefined) {
    const answer: Answer = (request) => serveRawCall(topology.hosted, topology.auth, request);
    server = createServerFor(answer, HEADER_LIMIT_BYTES);
    servers.set(topology, server);
  }
  const [near, far] = duplexPair();
  // Neither end of the pair learns by itself that the other was destroyed.
  near.once("close", () => far.destroy());
  far.once("close", () => near.destroy());
  server.emit("connection", far);
  return near;
}
