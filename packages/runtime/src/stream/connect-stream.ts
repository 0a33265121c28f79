// Opens a stream to an endpoint of another process of the app: a WebSocket to its internal door, on which the handshake is the first
// frame, so that its size is not that of a header.
import type { IncomingMessage } from "node:http";
import type { Issue } from "@tenon/model";
import { WebSocket } from "ws";
import type { Identity } from "../auth/identity.ts";
import type { APIError } from "../call/api-error.ts";
import type { Cancelable, Cancellation } from "../call/cancellation.ts";
import type { CallContext } from "../call/context.ts";
import { isSecure, type Remote } from "../call/remote.ts";
import { invalidRequest, RequestError } from "../call/request-error.ts";
import type { ResolvedTarget } from "../call/resolve.ts";
import type { Topology } from "../call/topology.ts";
import { readRefusal } from "../call/remote-answer.ts";
import { callHeaders } from "../call/transport-http.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import { CallingWebSocket } from "./calling-web-socket.ts";

/** Throws an APIError. */
export async function connectStream(
  topology: Topology,
  target: ResolvedTarget,
  handshake: unknown,
  span: RecordingSpan,
  parent: CallContext | undefined,
  deadlineAt: number,
  opening: Cancellation,
  identity: Identity | undefined,
): Promise<CallingWebSocket> {
  const text = encodeHandshake(target, handshake);
  if (opening.reason !== undefined) throw opening.reason;
  const remote = topology.remoteBook.at(target.service, topology.remoteAddress(target.service));
  const headers = {
    ...callHeaders(topology.credential, span, parent, deadlineAt),
    ...identity?.headers,
    host: remote.authority,
  };
  const connecting = new Connecting(target, remote, headers);
  opening.add(connecting);
  try {
    await connecting.connected;
    const port = new CallingWebSocket(connecting.socket, target);
    await port.shakeHands(text);
    await port.opened;
    return port;
  } catch (error) {
    throw opening.reason ?? error;
  } finally {
    opening.remove(connecting);
  }
}

function encodeHandshake(target: ResolvedTarget, handshake: unknown): string {
  const codec = target.codec.request;
  if (codec === null) return "";
  const issues: Issue[] = [];
  const wire = codec.encode(handshake, issues);
  if (issues.length > 0) throw invalidRequest(target.name, issues);
  return JSON.stringify(wire) ?? "";
}

class Connecting implements Cancelable {
  readonly socket: WebSocket;
  readonly connected: Promise<void>;

  constructor(target: ResolvedTarget, remote: Remote, headers: Record<string, string | number>) {
    // No limit holds for messages between services, as none does within a process.
    this.socket = new WebSocket(urlOf(remote, target.path), [], {
      headers,
      perMessageDeflate: false,
      maxPayload: 0,
    });
    this.connected = new Promise((resolve, reject) => {
      const unreachable = (cause: unknown) =>
        reject(new RequestError("service_unreachable", { service: target.service }, cause));
      this.socket.once("open", resolve);
      this.socket.once("error", unreachable);
      this.socket.once("unexpected-response", (_request, answer: IncomingMessage) => {
        readRefusal(target, answer).then(reject, unreachable);
      });
    });
  }

  cancel(_reason: APIError): void {
    this.socket.terminate();
  }
}

function urlOf(remote: Remote, path: string): string {
  const { location, authority } = remote;
  if ("socketPath" in location) return `ws+unix:${location.socketPath}:${path}`;
  return `${isSecure(location) ? "wss" : "ws"}://${authority}${path}`;
}
