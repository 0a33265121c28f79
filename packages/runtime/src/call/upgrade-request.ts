// A request that asks to leave HTTP for another protocol on the same connection (RFC 9110, 7.8). Whoever takes it over owns the socket
// from then on; whoever does not answers it like any other request, as if it had not asked.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type NodeExchange, type OutgoingResponse, headerOf } from "./exchange.ts";
import { NodeRequest } from "./node-request.ts";
import { RequestError } from "./request-error.ts";

/** "taken": the socket belongs to somebody now, and nothing more is to be sent as HTTP. */
export type UpgradeOutcome = "taken" | OutgoingResponse;

export type AnswerUpgrade = (request: UpgradeRequest) => UpgradeOutcome | Promise<UpgradeOutcome>;

export class UpgradeRequest extends NodeRequest {
  /** As node:http made it, for libraries that do the handshake themselves. */
  readonly message: IncomingMessage;
  readonly socket: Duplex;
  /** What has already arrived behind the request. */
  readonly head: Buffer;

  constructor(message: IncomingMessage, response: ServerResponse, socket: Duplex, head: Buffer) {
    super(message, response, false);
    this.message = message;
    this.socket = socket;
    this.head = head;
  }

  get isWebSocket(): boolean {
    return headerOf(this.headers, "upgrade")?.toLowerCase() === "websocket";
  }

  override onClientGone(callback: () => void): void {
    this.socket.once("close", callback);
  }

  /** The response writes to the socket, for whoever answers with HTTP all the same; the connection ends with it. */
  override takeOver(): NodeExchange {
    const exchange = super.takeOver();
    const { response } = exchange;
    response.shouldKeepAlive = false;
    response.assignSocket(this.socket as Socket);
    response.once("finish", () => (this.socket as Socket).destroySoon());
    return exchange;
  }

  protected override findProblem(): RequestError | undefined {
    // Node has stopped reading HTTP on this connection: the body would be taken for bytes of the other protocol.
    if (this.hasBody)
      return new RequestError("malformed_request", { reason: "a request for an upgrade must not have a body" });
    return super.findProblem();
  }
}
