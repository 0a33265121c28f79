// The lane of node:http: for raw endpoints, which are promised its objects, for upgrades, and for whatever the fast lane leaves to it.
import { createServer, type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { log } from "../log/log.ts";
import type { IncomingRequest, OutgoingResponse } from "./exchange.ts";
import { NodeRequest } from "./node-request.ts";
import { refuseBrokenRequests } from "./refuse-broken-request.ts";
import { RequestError } from "./request-error.ts";
import { respondError } from "./respond.ts";
import { sendByNode } from "./send-by-node.ts";
import { type AnswerUpgrade, UpgradeRequest } from "./upgrade-request.ts";

/** May answer at once. What it throws is logged and answered with 500. */
export type Answer = (request: IncomingRequest) => OutgoingResponse | Promise<OutgoingResponse>;

/** Load balancers in front commonly keep connections for 60 s; the side that receives requests must be the more patient one. */
const KEEP_ALIVE_MS = 65_000;

/** The requests under way on one connection. */
interface Pipeline {
  length: number;
  /** Answered after all others. */
  last: ServerResponse;
}

export class CompatLane {
  /** Does not listen by itself: connections are its "connection" events. */
  readonly server: Server;
  /** Every answer with nothing behind it is the last one on its connection. */
  isClosing = false;
  onIdle: (() => void) | undefined;
  /** Of those that have come, the ones that are still there. */
  connections = 0;
  onEmpty: (() => void) | undefined;
  private readonly answer: Answer;
  private active = 0;
  /** Requests under way by connection: those that wait in a queue of Node's are never told that their connection has gone. */
  private readonly underWay = new Map<Duplex, Pipeline>();
  /** Connections that have asked to leave HTTP, or have left it: the server itself does not know them any more. */
  private readonly upgraded = new Set<Duplex>();
  private onLastUpgraded: (() => void) | undefined;

  constructor(answer: Answer, answerUpgrade: AnswerUpgrade, headerLimitBytes: number) {
    this.answer = answer;
    this.server = createServer({
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: headerLimitBytes,
      requireHostHeader: false,
      noDelay: true,
    });
    // The limit by size is the one; behind this one Node would drop headers without a word.
    this.server.maxHeadersCount = 0;
    this.server.on("request", (request, response) => void this.serve(request, response, false));
    this.server.on("checkContinue", (request, response) => void this.serve(request, response, true));
    this.server.on("connection", (socket: Duplex) => {
      this.connections++;
      socket.once("close", () => this.connectionGone(socket));
    });
    this.server.on("upgrade", (request, socket, head) => void this.upgrade(request, socket, head, answerUpgrade));
    refuseBrokenRequests(this.server);
  }

  get requestsUnderWay(): number {
    return this.active;
  }

  /** Ends all connections but those that have left HTTP. */
  cutOff(): void {
    this.server.closeAllConnections();
  }

  /** Resolves when the last upgraded connection has ended; `timeoutMs` from now they are cut off. */
  async upgradedEnd(timeoutMs: number): Promise<void> {
    if (this.upgraded.size === 0) return;
    const cutOff = () => {
      for (const socket of this.upgraded) socket.destroy();
    };
    const timer = setTimeout(cutOff, timeoutMs);
    await new Promise<void>((resolve) => {
      this.onLastUpgraded = resolve;
    });
    clearTimeout(timer);
  }

  private connectionGone(socket: Duplex): void {
    const left = this.underWay.get(socket);
    this.underWay.delete(socket);
    if (left !== undefined) this.done(left.length);
    this.connections--;
    if (this.connections === 0) this.onEmpty?.();
  }

  private done(requests: number): void {
    this.active -= requests;
    if (this.active === 0) this.onIdle?.();
  }

  private async serve(request: IncomingMessage, response: ServerResponse, awaitsContinue: boolean): Promise<void> {
    const { socket } = request;
    const pipeline = this.begin(socket, response);
    const incoming = new NodeRequest(request, response, awaitsContinue);
    try {
      const outgoing = await this.answerOf(incoming, this.answer);
      const isLast = this.isClosing && pipeline.last === response;
      // A client that was never told to go on with its body must not use the connection again.
      const mustClose = isLast || incoming.awaitsContinue;
      if (mustClose && !response.headersSent) response.setHeader("connection", "close");
      await sendByNode(request, response, outgoing, incoming.awaitsContinue);
    } catch (error) {
      // The client went away, or the answer broke off half way: there is nobody left to tell.
      if (response.headersSent || response.destroyed) response.destroy(error as Error);
      else sendFailure(response, error);
    }
  }

  private begin(socket: Duplex, response: ServerResponse): Pipeline {
    const pipeline = this.underWay.get(socket) ?? { length: 0, last: response };
    this.underWay.set(socket, pipeline);
    this.active++;
    pipeline.length++;
    if (this.isClosing) {
      // For raw endpoints, which write their heads themselves. Node ends a connection with the first answer that says so.
      if (pipeline.last !== response && !pipeline.last.headersSent) pipeline.last.shouldKeepAlive = true;
      response.shouldKeepAlive = false;
    }
    pipeline.last = response;
    response.once("close", () => {
      if (this.underWay.get(socket) !== pipeline) return;
      pipeline.length--;
      // A connection at rest holds neither its last request nor its answer.
      if (pipeline.length === 0) this.underWay.delete(socket);
      this.done(1);
    });
    return pipeline;
  }

  private async upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    answerUpgrade: AnswerUpgrade,
  ): Promise<void> {
    this.upgraded.add(socket);
    socket.once("close", () => {
      this.upgraded.delete(socket);
      if (this.upgraded.size === 0) this.onLastUpgraded?.();
    });
    // A client that goes away is no reason for the process to end; "close" follows and tells whoever is concerned.
    socket.on("error", () => {});
    const response = new ServerResponse(request);
    const incoming = new UpgradeRequest(request, response, socket, head);
    const outcome = await this.answerOf(incoming, answerUpgrade);
    if (outcome === "taken" || socket.destroyed) return;
    response.assignSocket(socket as Socket);
    response.setHeader("connection", "close");
    response.once("finish", () => socket.end());
    await sendByNode(request, response, outcome, false).catch(() => socket.destroy());
  }

  private async answerOf<Request extends NodeRequest, Outcome>(
    request: Request,
    answer: (request: Request) => Outcome | Promise<Outcome>,
  ): Promise<Outcome | OutgoingResponse> {
    try {
      if (request.problem !== undefined) return respondError(request.problem);
      return await answer(request);
    } catch (error) {
      log.error(error, "a request could not be answered");
      return respondError(new RequestError("internal_error", {}));
    }
  }
}

/** In the place of an answer that cannot be sent, such as one with a line break in a header. */
function sendFailure(response: ServerResponse, error: unknown): void {
  log.error(error, "a request could not be answered");
  const { status, headers, body } = respondError(new RequestError("internal_error", {}));
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body as string) });
  response.end(body);
}
