// What a raw endpoint is made of: Node's own request and response, and whatever takes the two.
import { IncomingMessage, type Server, ServerResponse } from "node:http";

/** The request of a raw endpoint: Node's own. As a value, the class itself. */
export type RawRequest = IncomingMessage & {
  /**
   * Set for a request that asks to leave HTTP (`Connection: Upgrade`), and for no other: what has already arrived behind it. The
   * socket is `request.socket`; `webSocketServer.handleUpgrade(request, request.socket, request.upgradeHead, ...)` takes it over.
   */
  readonly upgradeHead?: Buffer;
};
export const RawRequest: typeof IncomingMessage = IncomingMessage;

/** The response of a raw endpoint: Node's own. As a value, the class itself. */
export type RawResponse = ServerResponse;
export const RawResponse: typeof ServerResponse = ServerResponse;

/** Answers by writing to `response`; the request is over when the response has ended, not when the function returns. */
export type RawHandler = (request: RawRequest, response: RawResponse) => unknown;

/** A function, or a server that listens nowhere: it gets its "request" and "upgrade" events from the endpoint. */
export type RawTarget = RawHandler | Server;
