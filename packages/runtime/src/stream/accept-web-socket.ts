// The server's half of the WebSocket handshake (RFC 6455, 4.2). Frames are not compressed: it costs memory for every connection, and
// what is sent here is small.
import type { IncomingMessage } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import type { UpgradeRequest } from "../call/upgrade-request.ts";
import { isHeaders } from "./protocol-headers.ts";

/** What clients that Encore generates ask for. */
const PREFERRED_PROTOCOL = "encore-ws";

/** One for each limit of a message's size; it is part of a server's settings. */
const servers = new Map<number, WebSocketServer>();
const ownHeadersOf = new WeakMap<IncomingMessage, Readonly<Record<string, string>>>();

/** undefined: the request is not a valid handshake and has been answered. `limitBytes` null: no limit. */
export function acceptWebSocket(
  request: UpgradeRequest,
  limitBytes: number | null,
  ownHeaders: Readonly<Record<string, string>>,
): WebSocket | undefined {
  let accepted: WebSocket | undefined;
  ownHeadersOf.set(request.message, ownHeaders);
  serverWith(limitBytes ?? 0).handleUpgrade(request.message, request.socket, request.head, (socket) => {
    accepted = socket;
  });
  return accepted;
}

/** 0: no limit. */
function serverWith(limitBytes: number): WebSocketServer {
  const known = servers.get(limitBytes);
  if (known !== undefined) return known;
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limitBytes,
    handleProtocols: chooseProtocol,
  });
  server.on("headers", (lines, message) => {
    for (const [name, value] of Object.entries(ownHeadersOf.get(message) ?? {})) lines.push(`${name}: ${value}`);
  });
  servers.set(limitBytes, server);
  return server;
}

/** A browser that offers some gives up when none is chosen. One that carries headers is not echoed if there is another. */
function chooseProtocol(offered: Set<string>): string | false {
  if (offered.has(PREFERRED_PROTOCOL)) return PREFERRED_PROTOCOL;
  const protocols = [...offered];
  return protocols.find((protocol) => !isHeaders(protocol)) ?? protocols[0] ?? false;
}
