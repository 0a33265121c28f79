// Runs the user's code for one exchange, with the middleware of the endpoint around it.
import { Server } from "node:http";
import type { NodeExchange } from "../call/exchange.ts";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import { respond } from "../call/respond.ts";
import type { ServedCall } from "../call/served-call.ts";
import { addResponse } from "../middleware/add-response.ts";
import type { HandlerResponse } from "../middleware/handler-response.ts";
import { MiddlewareRequest } from "../middleware/middleware-request.ts";
import { runMiddleware } from "../middleware/run-middleware.ts";
import type { RawTarget } from "./raw-handler.ts";
import type { RawUpgrade } from "./serve-raw.ts";

/** Resolves when the code has returned, which is not when it has answered. */
export async function runTarget(
  hosted: HostedEndpoint,
  served: ServedCall,
  exchange: NodeExchange,
  upgrade: RawUpgrade | undefined,
): Promise<void> {
  const { middlewares } = hosted;
  const target = hosted.handler as RawTarget;
  if (middlewares.length === 0) {
    await callTarget(target, exchange, upgrade);
    return;
  }
  const { request, response } = exchange;
  let hasRun = false;
  const seen = new MiddlewareRequest(served, { rawRequest: request, rawResponse: response });
  const outcome = await runMiddleware(middlewares, seen, () => {
    hasRun = true;
    return callTarget(target, exchange, upgrade);
  });
  if (!hasRun && !response.headersSent && !response.writableEnded) answerInstead(exchange, outcome);
}

/** A server answers by its listeners alone; without one for upgrades, it answers as if nobody had asked, as Node's own does. */
function callTarget(target: RawTarget, { request, response }: NodeExchange, upgrade: RawUpgrade | undefined): unknown {
  if (upgrade !== undefined) Object.assign(request, { upgradeHead: upgrade.head });
  if (!isServer(target)) return target(request, response);
  if (upgrade !== undefined && target.emit("upgrade", request, upgrade.socket, upgrade.head)) return undefined;
  if (!target.emit("request", request, response))
    throw new Error("the server of this endpoint has no request listener");
  return undefined;
}

/** Also servers of `node:https` and of other copies of the module. */
export function isServer(target: RawTarget): target is Server {
  return target instanceof Server || typeof target === "object";
}

/** A middleware that did not go on has answered for the handler, in the way of typed endpoints. */
function answerInstead({ response }: NodeExchange, outcome: HandlerResponse): void {
  const { status, headers, body } = addResponse(respond(JSON.stringify(outcome.payload)), outcome);
  response.writeHead(status, headers);
  response.end(body);
}
